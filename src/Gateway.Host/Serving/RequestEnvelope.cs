using Gateway.Host.Admission;
using Gateway.Host.Api;
using Gateway.Host.Dashboard.Requests;
using Gateway.Host.Observability;
using Gateway.Host.Observability.Metrics;
using Gateway.Host.Observability.Traces;

namespace Gateway.Host.Serving;

/// <summary>
/// Around every request, whatever it is for: gives it its id, answers in OpenAI's shape where no endpoint does,
/// counts it, traces it, and writes the access log.
/// </summary>
internal sealed partial class RequestEnvelope(
    RequestDelegate next,
    RequestId ids,
    AccessLog access,
    RequestMetrics metrics,
    RequestTracer tracer,
    RequestRecorder recorder,
    AdmissionGate gate,
    TimeProvider time,
    ILogger<RequestEnvelope> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var served = endpoint?.Metadata.GetMetadata<ServedEndpoint>();
        var exchange = new Exchange(context, ids.Of(context.Request, served?.RequestIdPrefix ?? ServedEndpoint.DefaultRequestIdPrefix), time.GetTimestamp())
        {
            Trace = tracer.Begin(context.Request, served),
        };
        context.Features.Set(exchange);
        context.Response.Headers[RequestId.Header] = exchange.RequestId;
        // A connection that is kept would be closed under its next request.
        if (gate.IsLeaving && HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        try
        {
            if (HasTwoLengths(context.Request))
                await RefuseAsync(context);
            else
                await next(context);
            if (NobodyAnswered(context))
                await OpenAiError.WriteAsync(context, ErrorFor(context));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && IsGone(context, exception))
        {
            exchange.Ending = ExchangeEnding.ClientGone;
        }
        catch (Exception exception)
        {
            await FailAsync(exchange, exception);
        }

        metrics.End(context, exchange);
        exchange.Trace?.End(context, exchange);
        recorder.End(context, exchange);
        access.Write(context, exchange);
    }

    /// <summary>
    /// True if it came with chunks and a length: a proxy in front may have gone by the other one. Kestrel goes by the chunks and has put the
    /// length aside under this name, for which it would be as wrong to come with chunks.
    /// </summary>
    private static bool HasTwoLengths(HttpRequest request) =>
        request.Headers.TransferEncoding.Count > 0 && (request.Headers.ContainsKey("X-Content-Length") || request.ContentLength is not null);

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        return OpenAiError.WriteAsync(context, GatewayError.BadHttp(StatusCodes.Status400BadRequest));
    }

    private async Task FailAsync(Exchange exchange, Exception exception)
    {
        var context = exchange.Context;
        var error = exception switch
        {
            BadHttpRequestException bad => GatewayError.BadHttp(bad.StatusCode),
            _ when IsChunkSizeTooLong(exception) => GatewayError.BadHttp(StatusCodes.Status400BadRequest),
            _ => GatewayError.Internal,
        };
        if (error == GatewayError.Internal)
            LogFailure(exchange.RequestId, exception);
        if (context.Response.HasStarted)
        {
            exchange.Ending = ExchangeEnding.Interrupted;
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.Headers[RequestId.Header] = exchange.RequestId;
        await OpenAiError.WriteAsync(context, error);
    }

    /// <summary>Of all that can be wrong with a body, Kestrel calls this one a fault of the transport.</summary>
    private static bool IsChunkSizeTooLong(Exception exception) => exception is IOException { InnerException: OverflowException };

    /// <summary>A connection that was reset shows as an exception before <see cref="HttpContext.RequestAborted"/> does.</summary>
    private static bool IsGone(HttpContext context, Exception exception) =>
        exception is not BadHttpRequestException
        && (context.RequestAborted.IsCancellationRequested || exception is Microsoft.AspNetCore.Connections.ConnectionResetException);

    /// <summary>True if routing found no endpoint, or none for this method: those are the only ones that are not ours.</summary>
    private static bool NobodyAnswered(HttpContext context) =>
        context.GetEndpoint() is not RouteEndpoint
        && !context.Response.HasStarted
        && context.Response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed;

    private static GatewayError ErrorFor(HttpContext context)
    {
        var request = context.Request;
        return context.Response.StatusCode == StatusCodes.Status404NotFound
            ? GatewayError.UnknownUrl(request.Method, request.Path.Value ?? "")
            : GatewayError.MethodNotAllowed(request.Method, request.Path.Value ?? "");
    }

    [LoggerMessage(1, LogLevel.Error, "Request {RequestId} failed")]
    private partial void LogFailure(string requestId, Exception exception);
}
