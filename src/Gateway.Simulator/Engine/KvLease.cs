namespace Gateway.Simulator.Engine;

/// <summary>The KV blocks that a running sequence holds.</summary>
internal sealed class KvLease
{
    public KvLease(ulong[] hashes, int cachedTokens, int privateBlocks)
    {
        Hashes = hashes;
        CachedTokens = cachedTokens;
        PrivateBlocks = privateBlocks;
    }

    /// <summary>Who holds it; the cache itself needs it only to tell what it stores.</summary>
    public Sequence? Holder { get; set; }

    /// <summary>Names of the blocks that the sequence will fill, in order.</summary>
    public ulong[] Hashes { get; }

    /// <summary>Tokens at the front that were already there.</summary>
    public int CachedTokens { get; }

    /// <summary>Blocks that only this sequence uses.</summary>
    public int PrivateBlocks { get; set; }

    /// <summary>Blocks shared through the cache that this sequence keeps from being evicted.</summary>
    public List<KvBlock> Pinned { get; } = [];

    /// <summary>How many of <see cref="Hashes"/> have been offered to the cache.</summary>
    public int PublishedBlocks { get; set; }
}
