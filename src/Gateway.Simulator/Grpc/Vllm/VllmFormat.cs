using Gateway.Simulator.Api;
using Gateway.Wire.Vllm;

namespace Gateway.Simulator.Grpc.Vllm;

/// <summary>vLLM's messages: all is differences, counts too; the end repeats the last chunk.</summary>
internal sealed class VllmFormat : TokenAnswerFormat<GenerateResponse>
{
    private readonly TokenRequest _request;
    private readonly SimulatorOptions _options;
    private readonly string? _transfer;

    /// <param name="transfer">The <c>kv_transfer_params</c> of the answer's end; null for none.</param>
    public VllmFormat(TokenRequest request, SimulatorOptions options, string? transfer)
    {
        _transfer = transfer;
        _request = request;
        _options = options;
    }

    public override GenerateResponse Chunk(AnswerChoice choice, int from, int to) => new()
    {
        Chunk = new GenerateStreamChunk
        {
            TokenIds = { Ids(choice, from, to) },
            PromptTokens = (uint)choice.Generation.Prompt.Length,
            CompletionTokens = (uint)(to - from),
            CachedTokens = (uint)choice.Generation.CachedTokens,
            OutputLogprobs = OfAnswer(choice, from, to),
            InputLogprobs = from == 0 ? OfPrompt(choice) : null,
            Index = (uint)choice.Index,
        },
    };

    public override GenerateResponse Complete(AnswerChoice choice, int from, int to)
    {
        var complete = new GenerateComplete
        {
            OutputIds = { Ids(choice, from, to) },
            FinishReason = choice.FinishReason,
            PromptTokens = (uint)choice.Generation.Prompt.Length,
            CompletionTokens = (uint)(to - from),
            CachedTokens = (uint)choice.Generation.CachedTokens,
            OutputLogprobs = OfAnswer(choice, from, to),
            InputLogprobs = from == 0 ? OfPrompt(choice) : null,
            Index = (uint)choice.Index,
        };
        if (choice.FinishReason == "stop" && choice.Answer.MatchedStop is { } text)
            complete.MatchedStopStr = text;
        else if (choice.FinishReason == "stop" && choice.Answer.MatchedToken is { } token)
            complete.MatchedTokenId = (uint)token;
        if (_transfer is not null)
            complete.KvTransferParamsJson = _transfer;
        return new GenerateResponse { Complete = complete };
    }

    private static IEnumerable<uint> Ids(AnswerChoice choice, int from, int to) =>
        choice.Answer.Tokens[from..to].Select(static token => (uint)token);

    private static TopLogProbs Top(TokenLogprob logprob) => new()
    {
        Values = { logprob.Top.Select(static top => top.Value) },
        TokenIds = { logprob.Top.Select(static top => (uint)top.Token) },
    };

    private OutputLogProbs? OfAnswer(AnswerChoice choice, int from, int to)
    {
        if (_request.TopLogprobs is not { } top)
            return null;
        var message = new OutputLogProbs();
        foreach (var logprob in TokenLogprob.OfAnswer(choice, from, to, top, _options.VocabularySize))
        {
            message.TokenIds.Add((uint)logprob.Token);
            message.TokenLogprobs.Add(logprob.Value!.Value);
            message.TopLogprobs.Add(Top(logprob));
        }

        return message;
    }

    private InputLogProbs? OfPrompt(AnswerChoice choice)
    {
        if (_request.PromptLogprobsFrom is not { } start)
            return null;
        var message = new InputLogProbs();
        foreach (var logprob in TokenLogprob.OfPrompt(choice.Generation, start, _request.TopLogprobs ?? 0, _options.VocabularySize))
        {
            message.TokenIds.Add((uint)logprob.Token);
            var value = new InputTokenLogProb();
            if (logprob.Value is { } known)
                value.Value = known;
            message.TokenLogprobs.Add(value);
            message.TopLogprobs.Add(Top(logprob));
        }

        return message;
    }
}
