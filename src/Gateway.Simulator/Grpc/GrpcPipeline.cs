using Gateway.Simulator.Api;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Simulator.Grpc;

/// <summary>What every call goes through before its service: faults, loading, key. Who breaks a worker does it over plain HTTP/2.</summary>
internal static class GrpcPipeline
{
    private const string ContentType = "application/grpc";

    public static async Task HandleAsync(Exchange exchange)
    {
        if (!IsCall(exchange.Request))
        {
            await HandlePlainAsync(exchange);
            return;
        }

        try
        {
            await DispatchAsync(exchange);
        }
        catch (ApiException error)
        {
            Refuse(exchange, GrpcCalls.StatusOf(error.Status), error.Message);
        }
        catch (OperationCanceledException) when (exchange.Aborted.IsCancellationRequested)
        {
            exchange.Context.Abort();
        }
    }

    private static bool IsCall(HttpRequest request) => request.ContentType?.StartsWith(ContentType, StringComparison.Ordinal) == true;

    private static Task HandlePlainAsync(Exchange exchange)
    {
        if (exchange.Request.Path.StartsWithSegments("/simulator", StringComparison.Ordinal))
            return RequestPipeline.HandleAsync(exchange);
        exchange.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return Task.CompletedTask;
    }

    private static async Task DispatchAsync(Exchange exchange)
    {
        exchange.Response.Headers["x-simulated-engine"] = exchange.Options.Name;
        var path = exchange.Request.Path.Value ?? "/";
        var method = path[(path.LastIndexOf('/') + 1)..];
        exchange.Life.Stats.CountRequest(path);
        exchange.Life.Report(exchange.Request);
        if (exchange.Life.Refuses)
        {
            // Not only the call: its client would go on with the connection.
            exchange.Context.Features.GetRequiredFeature<ConnectionContext>().Abort(new ConnectionAbortedException("The worker refuses."));
            return;
        }

        var isRequest = method is "Generate" or "Embed";
        if (method != "Abort" && exchange.Life.Faults.Draw(isProbe: !isRequest) is { } fault)
        {
            exchange.Life.Stats.CountFault();
            if (await StrikeAsync(exchange, fault))
                return;
        }

        var isHealth = method is "HealthCheck" or "Check" or "Watch";
        if (!isHealth)
        {
            RequestPipeline.CheckKey(exchange);
            if (exchange.Life.IsLoading)
                throw new ApiException(503, "loading", "The model is still being loaded.");
        }

        exchange.Context.Features.Set(exchange);
        await GrpcApplication.For(exchange.Options.Runtime).HandleAsync(exchange.Context);
    }

    /// <returns>True if the call has been dealt with.</returns>
    private static async Task<bool> StrikeAsync(Exchange exchange, FaultRule fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, exchange.Aborted);
                return true;
            case FaultKind.Crash:
                await exchange.Life.CrashAsync(fault.ForMs is { } pause ? TimeSpan.FromMilliseconds(pause) : null);
                return true;
            case FaultKind.Status:
                throw new ApiException(fault.Status, "simulated_fault", "This failure is simulated.");
            default:
                exchange.Fault = fault;
                return false;
        }
    }

    /// <summary>Answers with nothing but a status.</summary>
    private static void Refuse(Exchange exchange, StatusCode status, string message)
    {
        exchange.Response.ContentType = ContentType;
        exchange.Response.Headers["grpc-status"] = ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture);
        exchange.Response.Headers["grpc-message"] = Uri.EscapeDataString(message);
    }
}
