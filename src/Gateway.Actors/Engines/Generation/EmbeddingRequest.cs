namespace Gateway.Actors.Engines.Generation;

/// <summary>What is to be made of a text without generating any.</summary>
public enum EmbeddingTask
{
    /// <summary>Its embedding.</summary>
    Embed,

    /// <summary>A score for each class that the model knows.</summary>
    Classify,

    /// <summary>How well the two texts of a pair go together.</summary>
    ScorePair,
}

/// <summary>A text that a token-in engine is to embed, classify or score.</summary>
public sealed record EmbeddingRequest
{
    /// <summary>Minted by the gateway for each call; see <see cref="EngineRequestId"/>.</summary>
    public required string RequestId { get; init; }

    public required ReadOnlyMemory<int> Tokens { get; init; }

    public EmbeddingTask Task { get; init; }

    /// <summary>Of a pair: by which models tell its texts apart, one for each token.</summary>
    public ReadOnlyMemory<int> TokenTypes { get; init; }

    /// <summary>The engine's rank that is to do it; null leaves it to the engine.</summary>
    public int? DataParallelRank { get; init; }
}
