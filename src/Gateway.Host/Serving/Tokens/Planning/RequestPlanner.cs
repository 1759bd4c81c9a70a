using System.Text;
using System.Text.Json;
using Gateway.Host.Api;
using Gateway.Host.Serving.Tokens.Requests;
using Gateway.Host.Serving.Tokens.Texts;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>
/// Plans a request whose model is served by token-in engines. Long prompts are planned in <see cref="PromptLanes"/>, so that neither other
/// requests nor the actors wait for them.
/// </summary>
internal sealed class RequestPlanner(ModelTexts texts, TimeProvider time)
{
    /// <summary>Puts a plan into the exchange, if its model needs one.</summary>
    /// <returns>Null, or what to answer.</returns>
    public ValueTask<GatewayError?> PlanAsync(Exchange exchange)
    {
        if (!exchange.Model!.ServesTokenIn)
            return default;
        if (exchange.Body is null || TokenPlanners.For(exchange.Endpoint!) is not { } planner)
            return new ValueTask<GatewayError?>(WorkerPick.MayBeSentAsItIs(exchange) ? null : GatewayError.NotOverTokens);
        if (texts.Find(exchange.Model) is not { } text)
            return new ValueTask<GatewayError?>(WorkerPick.MayBeSentAsItIs(exchange) ? null : texts.WhyNone(exchange.Model));
        return exchange.Body.Length <= PromptLanes.LargestShort
            ? new ValueTask<GatewayError?>(Plan(exchange, text, planner))
            : new ValueTask<GatewayError?>(PlanInLaneAsync(exchange, text, planner));
    }

    /// <summary>By itself, so that requests that do not come here allocate no closure.</summary>
    private Task<GatewayError?> PlanInLaneAsync(Exchange exchange, ModelText text, TokenPlanner planner) =>
        PromptLanes.RunAsync(exchange.Body!.Length, () => Plan(exchange, text, planner), exchange.Context.RequestAborted);

    private GatewayError? Plan(Exchange exchange, ModelText text, TokenPlanner planner)
    {
        JsonDocument document;
        ReadOnlyMemory<byte> body;
        try
        {
            document = RequestJson.Parse(exchange.Body!.Memory, out body);
        }
        catch (JsonException)
        {
            return GatewayError.InvalidJson;
        }

        using (document)
        {
            var request = new PlanningRequest(exchange, document.RootElement, body, text, texts.Cache, ModelName(exchange), time);
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
