using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>POST /v1/completions.</summary>
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
        var ids = request.GetRequestIds(prompts.Count);
        var limits = request.GetLimits("max_tokens");
        var plans = prompts.Select((prompt, i) => new PromptPlan(ids[i], prompt, AnswerWriter.Texts(
            exchange.Options,
            prompt,
            request.GetNumber("seed") ?? 0,
            limits with { MaxTokens = limits.MaxTokens ?? DefaultMaxTokens },
            RequestFields.GetRoom(exchange.Options, prompt.Length),
            request.GetChoices())));
        await using var submission = await Submission.StartAsync(exchange, request, [.. plans]);
        var format = new CompletionFormat(model, exchange.UnixTime, request.WantsUsage());
        await AnswerDelivery.SendAsync(exchange, submission, format, request.GetFlag("stream"));
    }
}
