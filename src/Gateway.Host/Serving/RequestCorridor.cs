using Gateway.Host.Admission;
using Gateway.Host.Api;
using Gateway.Host.Observability.Metrics;
using Gateway.Host.Serving.Tokens.Planning;

namespace Gateway.Host.Serving;

/// <summary>
/// The way of a request that is for an engine, from one end to the other:
/// gate, key, body, model, seat, plan, attempts. Each room lets it pass or says what to answer.
/// </summary>
internal sealed class RequestCorridor(
    AdmissionGate gate,
    AdmissionDesk desk,
    RequestBodyReader bodies,
    ModelLookup models,
    RequestPlanner planner,
    AttemptLoop attempts,
    RequestMetrics metrics,
    TimingReceipt timing,
    TimeProvider time)
{
    /// <summary>Serves a generation: a POST with a JSON object.</summary>
    public RequestDelegate Generation(ServedEndpoint endpoint) => context => ServeAsync(context, endpoint, isOpen: false, hasBody: true);

    /// <summary>Serves a question about an engine: a GET.</summary>
    /// <param name="isOpen">True if no key is needed.</param>
    public RequestDelegate Query(ServedEndpoint endpoint, bool isOpen) => context => ServeAsync(context, endpoint, isOpen, hasBody: false);

    private async Task ServeAsync(HttpContext context, ServedEndpoint endpoint, bool isOpen, bool hasBody)
    {
        var exchange = Exchange.Of(context);
        exchange.Endpoint = endpoint;
        timing.Prepare(exchange);
        if (gate.TryEnter() is { } refusal)
        {
            await OpenAiError.WriteAsync(context, refusal);
            return;
        }

        try
        {
            var error = desk.Identify(exchange, isOpen);
            if (hasBody)
            {
                var since = time.GetTimestamp();
                error ??= await bodies.ReadAsync(exchange);
                exchange.Times.Body = time.GetTimestamp() - since;
                error ??= Peek(exchange);
            }

            error ??= models.Find(exchange);
            if (error is null)
                metrics.Enter(exchange);
            exchange.Trace?.Describe(exchange);
            error ??= await desk.EnterAsync(exchange);
            exchange.Trace?.Seated(time.GetElapsedTime(0, exchange.Times.Queue));
            error ??= await planner.PlanAsync(exchange);
            if (error is null)
                metrics.Watch(exchange);
            error ??= await attempts.RunAsync(exchange);
            if (error is not null)
                await OpenAiError.WriteAsync(context, error);
        }
        finally
        {
            exchange.Body?.Release();
            metrics.Leave(exchange);
            desk.Leave(exchange);
            gate.Exit();
        }
    }

    private static GatewayError? Peek(Exchange exchange)
    {
        var error = RequestPeek.Read(exchange.Body!.Span, out var peek);
        exchange.Peek = peek;
        return error;
    }
}
