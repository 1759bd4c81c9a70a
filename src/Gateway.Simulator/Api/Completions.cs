using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>POST /v1/completions, with one prompt.</summary>
internal static class Completions
{
    // OpenAI's default for this API, which the engines keep.
    private const int DefaultMaxTokens = 16;

    public static async Task HandleAsync(Exchange exchange)
    {
        using var document = await exchange.ReadJsonAsync();
        var request = document.RootElement;
        var model = request.GetModel(exchange.Options);
        var prompts = request.GetPrompts("prompt");
        if (prompts.Count != 1)
            throw ApiException.Invalid("prompt", "The simulated engine takes one prompt a request.");
        var limits = request.GetLimits("max_tokens");
        var answers = AnswerWriter.Texts(
            exchange.Options,
            prompts[0],
            request.GetNumber("seed") ?? 0,
            limits with { MaxTokens = limits.MaxTokens ?? DefaultMaxTokens },
            RequestFields.GetRoom(exchange.Options, prompts[0].Length),
            request.GetChoices());
        using var generation = exchange.Engine.Submit(request.GetRequestId(), prompts[0], answers);
        var format = new CompletionFormat(model, exchange.UnixTime, request.WantsUsage());
        await AnswerDelivery.SendAsync(exchange, generation, format, request.GetFlag("stream"));
    }
}
