using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>POST /v1/chat/completions.</summary>
internal static class ChatCompletions
{
    public static async Task HandleAsync(Exchange exchange)
    {
        using var document = await exchange.ReadJsonAsync();
        var request = document.RootElement;
        var model = request.GetModel(exchange.Options);
        var prompt = SimulatedTokenizer.Encode(ChatPrompt.Render(request));
        var limits = request.GetLimits("max_completion_tokens", "max_tokens");
        var room = RequestFields.GetRoom(exchange.Options, prompt.Length);
        var seed = BlockHashes.OfAll(prompt, exchange.Options.Seed + (request.GetNumber("seed") ?? 0));
        var most = Math.Min(limits.MaxTokens ?? int.MaxValue, room);
        var answers = new Answer[request.GetChoices()];
        for (var choice = 0; choice < answers.Length; choice++)
        {
            var choiceSeed = seed + (ulong)choice;
            answers[choice] = ToolPlan.TryAnswer(request, choiceSeed, most)
                ?? StructuredAnswer.TryAnswer(request, most)
                ?? AnswerWriter.Text(choiceSeed, limits, room, exchange.Options.AnswerTokens);
        }

        await using var submission = await Submission.StartAsync(exchange, request, new PromptPlan(request.GetRequestId(), prompt, answers));
        var format = new ChatFormat(model, exchange.UnixTime, request.WantsUsage());
        await AnswerDelivery.SendAsync(exchange, submission, format, request.GetFlag("stream"));
    }
}
