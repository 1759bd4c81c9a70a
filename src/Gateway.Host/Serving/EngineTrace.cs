using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving;

/// <summary>
/// The trace context that goes to an engine: of a request that is traced here, that of the attempt; of any other, what the client has sent.
/// </summary>
internal static class EngineTrace
{
    private const string ParentHeader = "traceparent";
    private const string StateHeader = "tracestate";

    /// <summary>For a call over gRPC.</summary>
    public static TraceContext Of(Exchange exchange, Worker worker)
    {
        if (exchange.Trace is { } trace)
            return trace.ContextFor(worker);
        var headers = exchange.Context.Request.Headers;
        return headers.TraceParent is [{ Length: > 0 } parent] ? new TraceContext(parent, headers.TraceState) : default;
    }

    public static bool IsHeader(string name) =>
        name.Equals(ParentHeader, StringComparison.OrdinalIgnoreCase) || name.Equals(StateHeader, StringComparison.OrdinalIgnoreCase);

    /// <summary>For a request over HTTP that is traced, whose client's own headers are not passed on.</summary>
    public static void AddTo(HttpRequestMessage message, Exchange exchange, Worker worker)
    {
        var context = exchange.Trace!.ContextFor(worker);
        if (context.TraceParent is null)
            return;
        message.Headers.TryAddWithoutValidation(ParentHeader, context.TraceParent);
        if (context.TraceState is { Length: > 0 } state)
            message.Headers.TryAddWithoutValidation(StateHeader, state);
    }
}
