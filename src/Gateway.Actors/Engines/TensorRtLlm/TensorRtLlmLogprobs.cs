using Gateway.Actors.Engines.Generation;
using Google.Protobuf.Collections;
using Told = Gateway.Wire.TensorRtLlm.TokenLogprob;

namespace Gateway.Actors.Engines.TensorRtLlm;

/// <summary>Reads TensorRT-LLM's log-probabilities.</summary>
internal static class TensorRtLlmLogprobs
{
    /// <summary>Of the tokens of a step: the last of what came, should more have come than is new.</summary>
    public static IReadOnlyList<TokenLogprob>? Read(
        RepeatedField<Told> message, ReadOnlyMemory<int> tokens, GenerationRequest request)
    {
        if (request.TopLogprobs is null)
            return null;
        var list = new TokenLogprob[tokens.Length];
        var skipped = message.Count - list.Length;
        for (var i = 0; i < list.Length; i++)
            list[i] = i + skipped < 0 ? new TokenLogprob(tokens.Span[i], null, []) : Read(message[i + skipped]);
        return list;
    }

    /// <summary>Of the prompt, with the last step of a choice. It tells of the whole prompt; those before where they were asked for are left out.</summary>
    public static IReadOnlyList<TokenLogprob>? ReadPrompt(RepeatedField<Told> message, GenerationRequest request)
    {
        if (request.PromptLogprobsFrom is not { } from || message.Count == 0)
            return null;
        var list = new TokenLogprob[Math.Max(0, message.Count - from)];
        for (var i = 0; i < list.Length; i++)
            list[i] = Read(message[from + i]);
        return list;
    }

    private static TokenLogprob Read(Told message)
    {
        var top = new (int, float)[message.TopLogprobs.Count];
        for (var i = 0; i < top.Length; i++)
            top[i] = ((int)message.TopLogprobs[i].TokenId, message.TopLogprobs[i].Logprob);
        return new TokenLogprob((int)message.TokenId, message.Logprob, top);
    }
}
