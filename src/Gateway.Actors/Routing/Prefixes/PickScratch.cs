namespace Gateway.Actors.Routing.Prefixes;

/// <summary>What a pick needs to work with; each thread has its own, since a pick is never interrupted by another on the same thread.</summary>
internal sealed class PickScratch
{
    public PrefixOverlaps Prompts { get; } = new();

    public PrefixOverlaps Blocks { get; } = new();
}
