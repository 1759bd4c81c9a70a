namespace Gateway.Host.Serving.Tokens;

/// <summary>A request as a token-in engine can serve it. What is asked of the engine, a generation or an embedding, says its kind.</summary>
internal abstract class TokenPlan
{
    /// <summary>One, but for a batch.</summary>
    public required IReadOnlyList<ReadOnlyMemory<int>> Prompts { get; init; }
}
