using Gateway.Host.Serving;

namespace Gateway.Host.Observability;

/// <summary>One line a request. It holds no prompt, no answer and no key.</summary>
internal sealed partial class AccessLog(ILogger<AccessLog> log, TimeProvider time)
{
    public void Write(HttpContext context, Exchange exchange)
    {
        if (!log.IsEnabled(LogLevel.Information))
            return;
        LogRequest(
            context.Request.Method,
            // Query left out: it may hold what is nobody's business. Encoded, so that no client can write lines of its own.
            context.Request.Path.ToUriComponent(),
            exchange.Status,
            exchange.Ending,
            exchange.Tenant?.Name,
            exchange.Model?.Id,
            Workers(exchange),
            time.GetElapsedTime(exchange.StartTimestamp).TotalMilliseconds,
            exchange.Body?.Length ?? 0,
            exchange.BytesSent,
            exchange.Attempts,
            exchange.RequestId,
            exchange.Trace?.Id);
    }

    /// <summary>Of a pair both, in the order in which they work.</summary>
    private static string? Workers(Exchange exchange) => exchange.PrefillWorker is { } prefill
        ? $"{prefill.Spec.Url.Text}+{exchange.Worker?.Spec.Url.Text}"
        : exchange.Worker?.Spec.Url.Text;

    [LoggerMessage(
        1,
        LogLevel.Information,
        "{Method} {Path} {Status} {Ending} tenant={Tenant} model={Model} worker={Worker} {Milliseconds:0.0} ms in={BytesIn} out={BytesOut} attempts={Attempts} id={RequestId} trace={TraceId}")]
    private partial void LogRequest(
        string method,
        string path,
        int status,
        ExchangeEnding ending,
        string? tenant,
        string? model,
        string? worker,
        double milliseconds,
        int bytesIn,
        long bytesOut,
        int attempts,
        string requestId,
        string? traceId);
}
