using Gateway.Actors.Engines.Generation;
using Gateway.Host.Serving.Tokens.Answers;

namespace Gateway.Host.Serving.Tokens;

/// <summary>A request whose texts are embedded, classified or scored: nothing is generated, and the answer comes whole.</summary>
internal sealed class EmbeddingPlan : TokenPlan
{
    public EmbeddingTask Task { get; init; }

    /// <summary>Of pairs: by which models tell the two texts apart, for each token of each of <see cref="TokenPlan.Prompts"/>; else empty.</summary>
    public IReadOnlyList<ReadOnlyMemory<int>> TokenTypes { get; init; } = [];

    /// <summary>Says the answer in the endpoint's format.</summary>
    public required EmbeddingAnswer Answer { get; init; }
}
