using System.Text;
using System.Text.Json;
using Gateway.Host.Api;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>
/// Plans a request whose model is served by token-in engines. Long prompts are planned on threads of their own, a few at a time, so that
/// neither other requests nor the actors wait for them.
/// </summary>
internal sealed class GenerationPlanner(ModelTexts texts, TimeProvider time)
{
    /// <summary>Bytes of a body. Up to here planning takes well under a millisecond.</summary>
    private const int LargestInline = 16 * 1024;

    private static readonly TaskScheduler LongPrompts =
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, maxConcurrencyLevel: Math.Max(1, Environment.ProcessorCount / 2)).ConcurrentScheduler;

    /// <summary>Puts a plan into the exchange, if its model needs one.</summary>
    /// <returns>Null, or what to answer.</returns>
    public ValueTask<GatewayError?> PlanAsync(Exchange exchange)
    {
        if (!exchange.Model!.ServesTokenIn)
            return default;
        if (exchange.Body is null || TokenPlanners.For(exchange.Endpoint!) is not { } planner)
            return new ValueTask<GatewayError?>(exchange.Model.RegularOverHttp.IsEmpty ? GatewayError.NotOverTokens : null);
        if (texts.Find(exchange.Model) is not { } text)
            return new ValueTask<GatewayError?>(GatewayError.NotOverTokens);
        return exchange.Body.Length <= LargestInline
            ? new ValueTask<GatewayError?>(Plan(exchange, text, planner))
            : new ValueTask<GatewayError?>(PlanLongAsync(exchange, text, planner));
    }

    /// <summary>By itself, so that only long prompts pay for what the thread is given.</summary>
    private Task<GatewayError?> PlanLongAsync(Exchange exchange, ModelText text, TokenPlanner planner) => Task.Factory.StartNew(
        () => Plan(exchange, text, planner), exchange.Context.RequestAborted, TaskCreationOptions.None, LongPrompts);

    private GatewayError? Plan(Exchange exchange, ModelText text, TokenPlanner planner)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(exchange.Body!.Memory);
        }
        catch (JsonException)
        {
            return GatewayError.InvalidJson;
        }

        using (document)
        {
            var request = new PlanningRequest(exchange, document.RootElement, text, ModelName(exchange), time);
            exchange.Plan = planner(in request, out var error);
            return error;
        }
    }

    /// <summary>As the client named it: it compares.</summary>
    private static string ModelName(Exchange exchange)
    {
        var peek = exchange.Peek;
        return peek.HasModel && !peek.ModelIsEscaped ? Encoding.UTF8.GetString(peek.RawModel(exchange.Body!.Span)) : exchange.Model!.Id;
    }
}
