using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>SGLang's POST /generate. A batch of prompts is answered whole, with one generation for each.</summary>
internal static class Generate
{
    // SGLang's SamplingParams.max_new_tokens.
    private const int DefaultMaxTokens = 128;

    public static async Task HandleAsync(Exchange exchange)
    {
        using var document = await exchange.ReadJsonAsync();
        var request = document.RootElement;
        var prompts = request.GetPrompts(request.Get("text") is null ? "input_ids" : "text");
        var generations = new List<Generation>(prompts.Count);
        try
        {
            foreach (var prompt in prompts)
                generations.Add(Submit(exchange, request, prompt));
            await AnswerAsync(exchange, request, generations);
        }
        finally
        {
            generations.ForEach(static generation => generation.Dispose());
        }
    }

    private static async Task AnswerAsync(Exchange exchange, JsonElement request, List<Generation> generations)
    {
        var format = new GenerateFormat(exchange.Options.TimeProvider);
        if (generations.Count == 1)
        {
            await AnswerDelivery.SendAsync(exchange, generations[0], format, request.GetFlag("stream"));
            return;
        }

        if (request.GetFlag("stream"))
            throw ApiException.Invalid("stream", "The simulated engine does not stream a batch.");
        foreach (var generation in generations)
            await generation.WaitForResultAsync(exchange.Aborted);
        await exchange.WriteJsonAsync(StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray();
            generations.ForEach(generation => format.WriteWhole(json, generation));
            json.WriteEndArray();
        });
    }

    private static Generation Submit(Exchange exchange, JsonElement request, int[] prompt)
    {
        var parameters = request.Get("sampling_params") ?? default;
        var limits = parameters.GetLimits("max_new_tokens");
        var answers = AnswerWriter.Texts(
            exchange.Options,
            prompt,
            parameters.GetNumber("sampling_seed") ?? 0,
            limits with { MaxTokens = limits.MaxTokens ?? DefaultMaxTokens },
            RequestFields.GetRoom(exchange.Options, prompt.Length),
            parameters.GetChoices());
        return exchange.Engine.Submit(request.GetRequestId(), prompt, answers);
    }
}
