using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Pairs;

/// <summary>What the prefill half of a pair has told of one prompt. Its token is not among it: the decode half says it again.</summary>
/// <param name="CachedTokens">How much of the prompt it had in its cache; the decode half has all of it from elsewhere.</param>
/// <param name="PromptLogprobs">If they were asked for.</param>
/// <param name="KvTransferJson">For the decode half, if there is something to tell it.</param>
internal sealed record PrefillAnswer(int CachedTokens, IReadOnlyList<TokenLogprob>? PromptLogprobs, string? KvTransferJson)
{
    public static PrefillAnswer None { get; } = new(0, null, null);

    public PrefillAnswer After(in GenerationStep step) =>
        new(step.CachedTokens, PromptLogprobs ?? step.PromptLogprobs, step.KvTransferJson ?? KvTransferJson);
}
