namespace Gateway.Actors.Engines.Generation;

/// <summary>
/// How tokens are chosen and when it ends. What is null the client has not said: the model's own default holds, as the engine advertises
/// it, and else the neutral value.
/// </summary>
public sealed record SamplingSettings
{
    public static SamplingSettings Default { get; } = new();

    /// <summary>0 or more; neutral 1.</summary>
    public float? Temperature { get; init; }

    /// <summary>0 to 1; neutral 1.</summary>
    public float? TopP { get; init; }

    /// <summary>-1 for all tokens, which is neutral.</summary>
    public int? TopK { get; init; }

    /// <summary>0 to 1; neutral 0.</summary>
    public float? MinP { get; init; }

    /// <summary>-2 to 2; neutral 0.</summary>
    public float? FrequencyPenalty { get; init; }

    /// <summary>-2 to 2; neutral 0.</summary>
    public float? PresencePenalty { get; init; }

    /// <summary>More than 0; neutral 1.</summary>
    public float? RepetitionPenalty { get; init; }

    /// <summary>Most tokens of an answer; null leaves it to the engine.</summary>
    public int? MaxTokens { get; init; }

    public int MinTokens { get; init; }

    /// <summary>
    /// Texts at which the engine ends an answer. The gateway looks for them too, since an engine without a tokenizer cannot.
    /// </summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    public IReadOnlyList<int> StopTokens { get; init; } = [];

    public bool IgnoresEndOfText { get; init; }

    /// <summary>True to have the text or token at which an answer stopped in it.</summary>
    public bool KeepsStop { get; init; }

    public bool SkipsSpecialTokens { get; init; } = true;

    public bool SpacesBetweenSpecialTokens { get; init; } = true;

    /// <summary>Answers to generate, 1 or more.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Null for one that the engine draws; engines without seeds ignore it.</summary>
    public long? Seed { get; init; }

    /// <summary>What is added to a token's logit, by token id.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }
}
