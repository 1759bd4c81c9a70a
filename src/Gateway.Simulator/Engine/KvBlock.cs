namespace Gateway.Simulator.Engine;

/// <summary>A block in the prefix cache.</summary>
internal sealed class KvBlock
{
    public KvBlock(ulong hash)
    {
        Hash = hash;
        EvictionPlace = new LinkedListNode<KvBlock>(this);
    }

    public ulong Hash { get; }

    /// <summary>Running sequences that use it; it can be evicted at zero.</summary>
    public int Users { get; set; }

    /// <summary>Its place in the order of eviction, in which it is while nobody uses it.</summary>
    public LinkedListNode<KvBlock> EvictionPlace { get; }
}
