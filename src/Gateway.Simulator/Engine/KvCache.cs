namespace Gateway.Simulator.Engine;

/// <summary>
/// A finite KV cache in blocks. A sequence reserves all that it will need when it is admitted (the simulator knows how long
/// its answer will be, so it never has to take space back from a running one). Blocks that nobody uses any more stay as
/// a prefix cache and are evicted, least recently used first, when their space is needed. Not thread-safe.
/// </summary>
internal sealed class KvCache
{
    private readonly int _blockTokens;
    private readonly int _capacity;
    private readonly Dictionary<ulong, KvBlock> _blocks = [];
    private readonly LinkedList<KvBlock> _evictable = new();
    private readonly KvJournal? _journal;
    private int _private;

    /// <param name="journal">Told of what is stored, evicted and flushed.</param>
    public KvCache(int capacityTokens, int blockTokens, KvJournal? journal = null)
    {
        _journal = journal;
        _blockTokens = blockTokens;
        _capacity = capacityTokens / blockTokens;
    }

    public int CapacityTokens => _capacity * _blockTokens;

    /// <summary>Space reserved by running sequences.</summary>
    public int UsedTokens => UsedBlocks * _blockTokens;

    /// <summary>Space taken, whether by running sequences or by what is remembered.</summary>
    public int OccupiedTokens => (_blocks.Count + _private) * _blockTokens;

    private int UsedBlocks => _blocks.Count - _evictable.Count + _private;

    /// <summary>Reserves space for a prompt and its answer, reusing the blocks of the longest prefix that is remembered.</summary>
    /// <param name="hashes">Names of the full blocks of prompt and answer; empty if none is to be shared.</param>
    /// <returns>Null if there is not enough space now.</returns>
    public KvLease? TryReserve(ulong[] hashes, int promptTokens, int answerTokens)
    {
        // The last token of a prompt is always computed: the first token of the answer comes out of it.
        var reusable = Math.Min((promptTokens - 1) / _blockTokens, hashes.Length);
        var pinned = new List<KvBlock>();
        while (pinned.Count < reusable && _blocks.TryGetValue(hashes[pinned.Count], out var block))
            pinned.Add(block);
        pinned.ForEach(Pin);

        var missing = ((promptTokens + answerTokens + _blockTokens - 1) / _blockTokens) - pinned.Count;
        if (UsedBlocks + missing > _capacity)
        {
            Unpin(pinned);
            return null;
        }

        while (_blocks.Count + _private + missing > _capacity)
            EvictOne();
        _private += missing;
        var lease = new KvLease(hashes, pinned.Count * _blockTokens, missing) { PublishedBlocks = pinned.Count };
        lease.Pinned.AddRange(pinned);
        return lease;
    }

    /// <summary>Lets others reuse the blocks that are filled by the first <paramref name="computedTokens"/> tokens.</summary>
    public void Publish(KvLease lease, int computedTokens)
    {
        var filled = Math.Min(computedTokens / _blockTokens, lease.Hashes.Length);
        for (; lease.PublishedBlocks < filled; lease.PublishedBlocks++)
        {
            var block = new KvBlock(lease.Hashes[lease.PublishedBlocks]) { Users = 1 };
            // A neighbour may have computed the same block meanwhile; then this copy stays private.
            if (!_blocks.TryAdd(block.Hash, block))
                continue;
            if (lease.Holder is { } holder)
                _journal?.NoteStored(holder, lease.PublishedBlocks);
            lease.Pinned.Add(block);
            lease.PrivateBlocks--;
            _private--;
        }
    }

    public void Release(KvLease lease)
    {
        _private -= lease.PrivateBlocks;
        lease.PrivateBlocks = 0;
        Unpin(lease.Pinned);
        lease.Pinned.Clear();
    }

    /// <summary>Forgets what nobody uses.</summary>
    public void Flush()
    {
        while (_evictable.Count > 0)
            EvictOne();
        if (_blocks.Count == 0)
            _journal?.NoteCleared();
    }

    private void Pin(KvBlock block)
    {
        if (block.Users++ == 0)
            _evictable.Remove(block.EvictionPlace);
    }

    private void Unpin(List<KvBlock> blocks)
    {
        // From the end, so that a prefix outlives what was built on it.
        for (var i = blocks.Count - 1; i >= 0; i--)
        {
            if (--blocks[i].Users == 0)
                _evictable.AddLast(blocks[i].EvictionPlace);
        }
    }

    private void EvictOne()
    {
        var oldest = _evictable.First!;
        _evictable.Remove(oldest);
        _blocks.Remove(oldest.Value.Hash);
        _journal?.NoteRemoved(oldest.Value.Hash);
    }
}
