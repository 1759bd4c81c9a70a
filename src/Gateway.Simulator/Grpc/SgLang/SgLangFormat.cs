using Gateway.Simulator.Api;
using Gateway.Wire.SgLang;

namespace Gateway.Simulator.Grpc.SgLang;

/// <summary>SGLang's messages: tokens are differences, counts are sums; the end repeats the tokens of the last chunk.</summary>
internal sealed class SgLangFormat : TokenAnswerFormat<GenerateResponse>
{
    private readonly TokenRequest _request;
    private readonly SimulatorOptions _options;

    public SgLangFormat(TokenRequest request, SimulatorOptions options)
    {
        _request = request;
        _options = options;
    }

    public override GenerateResponse Chunk(AnswerChoice choice, int from, int to) => new()
    {
        RequestId = _request.Id,
        Chunk = new GenerateStreamChunk
        {
            TokenIds = { Ids(choice, from, to) },
            PromptTokens = (uint)choice.Generation.Prompt.Length,
            CompletionTokens = (uint)to,
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
            CompletionTokens = (uint)to,
            CachedTokens = (uint)choice.Generation.CachedTokens,
            OutputLogprobs = OfAnswer(choice, from, to),
            InputLogprobs = from == 0 ? OfPrompt(choice) : null,
            Index = (uint)choice.Index,
        };
        if (choice.FinishReason == "stop" && choice.Answer.MatchedStop is { } text)
            complete.MatchedStopStr = text;
        else if (choice.FinishReason == "stop" && choice.Answer.MatchedToken is { } token)
            complete.MatchedTokenId = (uint)token;
        return new GenerateResponse { RequestId = _request.Id, Complete = complete };
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
        // A decode worker has not seen the prompt.
        if (_request.PromptLogprobsFrom is not { } start || _options.Role == SimulatorRole.Decode)
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
