using Gateway.Actors.Engines.Generation;
using Gateway.Wire.SgLang;

namespace Gateway.Actors.Engines.SgLang;

/// <summary>Reads SGLang's log-probabilities.</summary>
internal static class SgLangLogprobs
{
    /// <summary>Of the tokens of a step: the last of what came, should more have come than is new.</summary>
    public static IReadOnlyList<TokenLogprob>? Read(OutputLogProbs? message, ReadOnlyMemory<int> tokens, GenerationRequest request)
    {
        if (request.TopLogprobs is null)
            return null;
        var list = new TokenLogprob[tokens.Length];
        var skipped = (message?.TokenLogprobs.Count ?? 0) - list.Length;
        for (var i = 0; i < list.Length; i++)
        {
            var at = i + skipped;
            list[i] = message is null || at < 0
                ? new TokenLogprob(tokens.Span[i], null, [])
                : new TokenLogprob(tokens.Span[i], message.TokenLogprobs[at], at < message.TopLogprobs.Count ? Top(message.TopLogprobs[at]) : []);
        }

        return list;
    }

    /// <summary>Of the prompt, from where they were asked for.</summary>
    public static IReadOnlyList<TokenLogprob>? Read(InputLogProbs? message, GenerationRequest request)
    {
        if (request.PromptLogprobsFrom is null || message is null)
            return null;
        var list = new TokenLogprob[Math.Min(message.TokenLogprobs.Count, message.TokenIds.Count)];
        for (var i = 0; i < list.Length; i++)
        {
            var value = message.TokenLogprobs[i];
            list[i] = new TokenLogprob(
                (int)message.TokenIds[i], value.HasValue ? value.Value : null, i < message.TopLogprobs.Count ? Top(message.TopLogprobs[i]) : []);
        }

        return list;
    }

    private static (int Token, float Logprob)[] Top(TopLogProbs message)
    {
        var top = new (int, float)[Math.Min(message.Values.Count, message.TokenIds.Count)];
        for (var i = 0; i < top.Length; i++)
            top[i] = ((int)message.TokenIds[i], message.Values[i]);
        return top;
    }
}
