namespace Gateway.Actors.Engines.Generation;

/// <summary>Why a choice ended.</summary>
public enum FinishReason
{
    /// <summary>It goes on.</summary>
    None,

    /// <summary>By a stop text, a stop token, or the model's own end.</summary>
    Stop,

    /// <summary>It has as many tokens as it may.</summary>
    Length,

    /// <summary>The engine gave it up.</summary>
    Abort,
}

/// <summary>
/// The next tokens of one choice. Engines differ in what is a difference and what a sum; here tokens are those since the last step of the
/// same choice, and counts are sums.
/// </summary>
public readonly record struct GenerationStep
{
    /// <summary>The choice, from 0.</summary>
    public int Index { get; init; }

    public ReadOnlyMemory<int> Tokens { get; init; }

    public int PromptTokens { get; init; }

    /// <summary>Of this choice.</summary>
    public int CompletionTokens { get; init; }

    /// <summary>How many of the prompt's tokens were found in the KV cache.</summary>
    public int CachedTokens { get; init; }

    /// <summary>0 if the engine does not count them.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>Other than <see cref="FinishReason.None"/> in the last step of a choice.</summary>
    public FinishReason Finish { get; init; }

    /// <summary>The stop text at which it ended, if the engine says so.</summary>
    public string? MatchedStop { get; init; }

    /// <summary>The stop token at which it ended, if the engine says so.</summary>
    public int? MatchedToken { get; init; }

    /// <summary>One for each of <see cref="Tokens"/>; null if they were not asked for.</summary>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; init; }

    /// <summary>Of the prompt, in the first step of a choice, if they were asked for; TensorRT-LLM tells them in the last.</summary>
    public IReadOnlyList<TokenLogprob>? PromptLogprobs { get; init; }

    /// <summary>vLLM's <c>kv_transfer_params</c> as JSON, in the last step of a prefill.</summary>
    public string? KvTransferJson { get; init; }
}

/// <param name="Token">Its id.</param>
/// <param name="Logprob">Natural logarithm of its probability; null where there is none, as for a prompt's first token.</param>
/// <param name="Top">The most probable tokens in its place, best first; empty if none were asked for.</param>
public readonly record struct TokenLogprob(int Token, float? Logprob, IReadOnlyList<(int Token, float Logprob)> Top);
