namespace Gateway.Simulator.Engine;

/// <summary>What happened to blocks of a prefix cache.</summary>
internal abstract record KvChange
{
    /// <summary>Blocks that follow each other are there to be reused.</summary>
    /// <param name="Parent">The block before the first; null if that begins a prompt.</param>
    /// <param name="Blocks">Hash and tokens of each.</param>
    public sealed record Stored(ulong? Parent, IReadOnlyList<(ulong Hash, int[] Tokens)> Blocks) : KvChange;

    /// <summary>Blocks are gone.</summary>
    public sealed record Removed(IReadOnlyList<ulong> Hashes) : KvChange;

    /// <summary>All blocks are gone.</summary>
    public sealed record Cleared : KvChange;
}
