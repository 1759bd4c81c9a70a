using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>SGLang's POST /generate, with one prompt or a batch of them.</summary>
internal static class Generate
{
    // SGLang's SamplingParams.max_new_tokens.
    private const int DefaultMaxTokens = 128;

    public static async Task HandleAsync(Exchange exchange)
    {
        using var document = await exchange.ReadJsonAsync();
        var request = document.RootElement;
        var field = request.Get("text") is null ? "input_ids" : "text";
        var prompts = request.GetPrompts(field);
        var ids = request.GetRequestIds(prompts.Count);
        var parameters = request.Get("sampling_params") ?? default;
        var limits = parameters.GetLimits("max_new_tokens");
        var plans = prompts.Select((prompt, i) => new PromptPlan(ids[i], prompt, AnswerWriter.Texts(
            exchange.Options,
            prompt,
            parameters.GetNumber("sampling_seed") ?? 0,
            limits with { MaxTokens = limits.MaxTokens ?? DefaultMaxTokens },
            RequestFields.GetRoom(exchange.Options, prompt.Length),
            parameters.GetChoices())));
        var format = new GenerateFormat(exchange.Options, request.IsBatch(field), TokenLogprobs.Read(request, exchange.Options, prompts));
        await using var submission = await Submission.StartAsync(exchange, request, [.. plans]);
        await AnswerDelivery.SendAsync(exchange, submission, format, request.GetFlag("stream"));
    }
}
