using System.Collections.Concurrent;
using System.Numerics;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// The exact index: what the engines say they have. Only the unbroken run of blocks from the beginning counts, for that is what an
/// engine can use. It speaks for a worker only as long as the worker's feed does.
/// </summary>
/// <param name="table">The memory, shared with everything else.</param>
/// <param name="hasher">Names a prompt's blocks as the engines do.</param>
/// <param name="feedTimeout">After this much silence a feed is stale.</param>
/// <param name="time">The clock of the feeds.</param>
internal sealed class KvBlockIndex(PrefixTable table, IKvBlockHasher hasher, TimeSpan feedTimeout, TimeProvider time) : IPrefixIndex, IKvEventSink
{
    /// <summary>131,072 tokens in blocks of 16.</summary>
    private const int MostBlocks = 8192;

    private readonly ulong _salt = PageHash.NewSalt();
    private readonly LaneBook _lanes = new(table);
    private readonly ConcurrentDictionary<long, long> _heard = new();
    private volatile int _tokensPerBlock;

    public void WorkersChanged(ReadOnlySpan<Worker> ready)
    {
        _lanes.WorkersChanged(ready);
        foreach (var epoch in _heard.Keys)
        {
            if (_lanes.LaneOf(epoch) is null)
                _heard.TryRemove(epoch, out _);
        }
    }

    /// <summary>False as long as no engine has sent an event.</summary>
    public bool Speaks => !_heard.IsEmpty;

    /// <summary>True if what it says of this worker is to be believed.</summary>
    public bool SpeaksFor(Worker worker) =>
        _heard.TryGetValue(worker.Epoch, out var heard) && time.GetElapsedTime(heard) <= feedTimeout;

    public void Match(ReadOnlySpan<byte> prompt, PrefixOverlaps overlaps)
    {
        var lanes = _lanes.Current;
        overlaps.Begin(lanes, 0, MostBlocks);
        if (!Speaks || _tokensPerBlock == 0 || prompt.IsEmpty)
            return;
        var keys = overlaps.Keys.AsSpan(0, MostBlocks);
        var blocks = hasher.Hash(prompt, _tokensPerBlock, keys, out var promptTokens);
        overlaps.KeyCount = blocks;
        // As if the bytes were spread evenly over the tokens.
        overlaps.PromptBytes = promptTokens == 0 ? 0 : (int)((long)prompt.Length * blocks * _tokensPerBlock / promptTokens);
        var going = overlaps.Blocks;
        lanes.Live.CopyTo(going);
        for (var block = 0; block < blocks; block++)
        {
            keys[block] = KeyOf(keys[block]);
            if (!KeepGoing(overlaps, keys[block], block))
                break;
        }

        for (var block = 0; block < going.Length; block++)
            End(overlaps, block, 0, blocks);
        overlaps.ReverseMatched();
    }

    public int BytesOf(PrefixOverlaps overlaps, Worker worker, int guess)
    {
        var ordinal = overlaps.Lanes.OrdinalOf(worker, guess);
        return ordinal < 0 || overlaps.KeyCount == 0
            ? 0
            : (int)((long)overlaps.PromptBytes * overlaps.PagesOf(ordinal) / overlaps.KeyCount);
    }

    /// <summary>What a worker is chosen for stays in the table: engines don't tell that a block is used again.</summary>
    public void Refresh(PrefixOverlaps overlaps, Worker worker, int guess)
    {
        var ordinal = overlaps.Lanes.OrdinalOf(worker, guess);
        if (ordinal < 0)
            return;
        var now = table.Clock.Now;
        foreach (var key in overlaps.Keys.AsSpan(0, overlaps.PagesOf(ordinal)))
            table.Refresh(key, now);
    }

    public void BlocksStored(Worker worker, ReadOnlySpan<ulong> blocks, int tokensPerBlock)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokensPerBlock);
        _tokensPerBlock = tokensPerBlock;
        FeedIsAlive(worker);
        if (_lanes.LaneOf(worker.Epoch) is not { } lane)
            return;
        var now = table.Clock.Now;
        var tally = default(PrefixTable.Tally);
        foreach (var block in blocks)
            table.Touch(KeyOf(block), lane, now, ref tally);
        table.Commit(tally);
    }

    public void BlocksRemoved(Worker worker, ReadOnlySpan<ulong> blocks)
    {
        FeedIsAlive(worker);
        if (_lanes.LaneOf(worker.Epoch) is not { } lane)
            return;
        foreach (var block in blocks)
            table.Clear(KeyOf(block), lane);
    }

    public void AllBlocksCleared(Worker worker)
    {
        FeedIsAlive(worker);
        _lanes.Renew(worker);
    }

    public void FeedIsAlive(Worker worker)
    {
        if (_lanes.LaneOf(worker.Epoch) is not null)
            _heard[worker.Epoch] = time.GetTimestamp();
    }

    public void FeedLost(Worker worker)
    {
        _heard.TryRemove(worker.Epoch, out _);
        _lanes.Renew(worker);
    }

    private ulong KeyOf(ulong block) => PageHash.OfThisProcess.Chain(_salt, block);

    /// <summary>Finds who has this block too; those who have not end here.</summary>
    /// <returns>False if nobody has.</returns>
    private bool KeepGoing(PrefixOverlaps overlaps, ulong key, int pages)
    {
        Span<PrefixSlot> found = stackalloc PrefixSlot[PrefixTable.Ways];
        found = found[..table.Find(key, found)];
        var going = overlaps.Blocks;
        var any = false;
        for (var block = 0; block < going.Length; block++)
        {
            if (going[block] == 0)
                continue;
            var here = 0u;
            foreach (var slot in found)
            {
                if (overlaps.Lanes.BlockOf(slot.Group) == block)
                    here |= slot.Lanes;
            }

            End(overlaps, block, here, pages);
            any |= going[block] != 0;
        }

        return any;
    }

    private static void End(PrefixOverlaps overlaps, int block, uint staying, int pages)
    {
        ref var going = ref overlaps.Blocks[block];
        var ended = going & ~staying;
        going &= staying;
        for (; pages > 0 && ended != 0; ended &= ended - 1)
            overlaps.Add(overlaps.Lanes.OrdinalOf(block, BitOperations.TrailingZeroCount(ended)), pages);
    }
}
