using System.Numerics;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// The approximate index: what was sent to a worker is taken to be in its cache, until it is pushed out of the table. The longest page
/// that a worker is noted for counts, whatever has become of the pages before: it can't have seen the one without the others.
/// </summary>
/// <param name="table">The memory, shared by all models.</param>
/// <param name="mostBytes">How deep into a prompt it looks.</param>
internal sealed class PromptIndex(PrefixTable table, int mostBytes) : IPrefixIndex
{
    private readonly ulong _salt = PageHash.NewSalt();
    private readonly LaneBook _lanes = new(table);
    private readonly int _mostPages = PageGrid.PagesIn(mostBytes);

    public void WorkersChanged(ReadOnlySpan<Worker> ready) => _lanes.WorkersChanged(ready);

    /// <remarks>
    /// Goes from the end of the prompt to its beginning, so that each worker is met first at its longest overlap, and stops when
    /// all have been met.
    /// </remarks>
    public void Match(ReadOnlySpan<byte> prompt, PrefixOverlaps overlaps)
    {
        var lanes = _lanes.Current;
        overlaps.Begin(lanes, prompt.Length, _mostPages);
        overlaps.KeyCount = PageHash.Keys(prompt, _salt, overlaps.Keys.AsSpan(0, _mostPages));
        var met = overlaps.Blocks;
        met.Clear();
        Span<PrefixSlot> found = stackalloc PrefixSlot[PrefixTable.Ways];
        for (var page = overlaps.KeyCount - 1; page >= 0 && overlaps.MatchedCount < lanes.Count; page--)
        {
            var count = table.Find(overlaps.Keys[page], found);
            foreach (var slot in found[..count])
            {
                if (lanes.BlockOf(slot.Group) is >= 0 and var block)
                    Meet(overlaps, block, slot.Lanes, page + 1);
            }
        }
    }

    public int BytesOf(PrefixOverlaps overlaps, Worker worker, int guess)
    {
        var ordinal = overlaps.Lanes.OrdinalOf(worker, guess);
        return ordinal < 0 ? 0 : PageGrid.BytesIn(overlaps.PagesOf(ordinal));
    }

    /// <summary>
    /// Notes that a worker is sent the prompt. What it is known to have, and was stamped just now, is passed over: a full match
    /// of a prompt in frequent use reads one slot and writes nothing.
    /// </summary>
    public void Record(PrefixOverlaps overlaps, Worker worker, int guess)
    {
        _lanes.DropClosedIfAny();
        var ordinal = overlaps.Lanes.OrdinalOf(worker, guess);
        if (ordinal < 0)
            return;
        var lane = overlaps.Lanes[ordinal].Lane;
        var known = overlaps.PagesOf(ordinal);
        var keys = overlaps.Keys.AsSpan(0, overlaps.KeyCount);
        var now = table.Clock.Now;
        if (known > 0 && table.IsFresh(keys[known - 1], lane, now))
            keys = keys[known..];
        var tally = default(PrefixTable.Tally);
        foreach (var key in keys)
            table.Touch(key, lane, now, ref tally);
        table.Commit(tally);
    }

    private static void Meet(PrefixOverlaps overlaps, int block, uint workers, int pages)
    {
        ref var met = ref overlaps.Blocks[block];
        var fresh = workers & overlaps.Lanes.Live[block] & ~met;
        met |= fresh;
        for (; fresh != 0; fresh &= fresh - 1)
            overlaps.Add(overlaps.Lanes.OrdinalOf(block, BitOperations.TrailingZeroCount(fresh)), pages);
    }
}
