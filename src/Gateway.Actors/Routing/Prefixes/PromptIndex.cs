using System.Numerics;
using Gateway.Actors.Routing.Peers;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// The approximate index: what was sent to a worker is taken to be in its cache, until it is pushed out of the table. The longest page
/// that a worker is noted for counts, whatever has become of the pages before: it can't have seen the one without the others.
/// </summary>
/// <param name="table">The memory, shared by all models.</param>
/// <param name="mostBytes">How deep into a prompt it looks.</param>
/// <param name="peers">To and from the indexes of the same model in other gateways; null if there are none.</param>
internal sealed class PromptIndex(PrefixTable table, int mostBytes, PlacementChannel? peers = null) : IPrefixIndex
{
    /// <summary>Whose sets, 8 KiB, fit into the nearest cache together, and are as many as memory can be asked for at a time.</summary>
    private const int KeysAtOnce = 32;

    private readonly PageHash _hash = peers?.Hash ?? PageHash.OfThisProcess;
    private readonly ulong _salt = peers?.Salt ?? PageHash.NewSalt();
    private readonly LaneBook _lanes = new(table);
    private readonly int _mostPages = PageGrid.PagesIn(mostBytes);

    public void WorkersChanged(ReadOnlySpan<Worker> ready)
    {
        _lanes.WorkersChanged(ready);
        if (ready.IsEmpty)
            peers?.Leave(this);
        else
            peers?.Join(this);
    }

    /// <remarks>
    /// Who has seen a page has seen those before it, so that the pages at which somebody's overlap ends are found by jumping: from the end
    /// of the prompt towards its beginning in steps that double, and back in steps that halve. Each worker is so met first at its longest
    /// overlap. A page that was pushed out of the table though later ones are left can hide those; it comes back when the prompt is sent again.
    /// </remarks>
    public void Match(ReadOnlySpan<byte> prompt, PrefixOverlaps overlaps)
    {
        var lanes = _lanes.Current;
        overlaps.Begin(lanes, prompt.Length, _mostPages);
        overlaps.KeyCount = _hash.Keys(prompt, _salt, overlaps.Keys.AsSpan(0, _mostPages));
        overlaps.Blocks.Clear();
        // Nobody has seen most prompts that are new from their first page on.
        var unknown = overlaps.KeyCount > 0 && SpeaksOfOthers(overlaps, 0) ? overlaps.KeyCount : 0;
        while (unknown > 0 && overlaps.MatchedCount < lanes.Count && LastKnown(overlaps, unknown) is >= 0 and var page)
        {
            MeetAll(overlaps, page);
            unknown = page;
        }
    }

    /// <summary>The last page before another that speaks of a worker that is not met yet.</summary>
    /// <returns>-1 if there is none.</returns>
    private int LastKnown(PrefixOverlaps overlaps, int unknown)
    {
        var known = unknown - 1;
        for (var step = 1; !SpeaksOfOthers(overlaps, known); step *= 2)
        {
            if (known == 0)
                return -1;
            unknown = known;
            known = Math.Max(0, known - step);
        }

        while (unknown - known > 1)
        {
            var middle = (known + unknown) / 2;
            if (SpeaksOfOthers(overlaps, middle))
                known = middle;
            else
                unknown = middle;
        }

        return known;
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
        peers?.Tell(worker.Id, keys[known..]);
        if (known > 0 && table.IsFresh(keys[known - 1], lane, now))
            keys = keys[known..];
        Touch(keys, lane, now);
    }

    /// <summary>Notes what another gateway has sent to a worker; nothing, if the worker is not known here.</summary>
    /// <returns>True if it is known.</returns>
    public bool Learn(WorkerId worker, ReadOnlySpan<ulong> keys)
    {
        var lanes = _lanes.Current;
        var ordinal = lanes.OrdinalOf(worker);
        if (ordinal < 0)
            return false;
        Touch(keys, lanes[ordinal].Lane, table.Clock.Now);
        return true;
    }

    private void Touch(ReadOnlySpan<ulong> keys, Lane lane, uint now)
    {
        var tally = default(PrefixTable.Tally);
        while (!keys.IsEmpty)
        {
            var some = keys[..Math.Min(keys.Length, KeysAtOnce)];
            table.Warm(some);
            foreach (var key in some)
                table.Touch(key, lane, now, ref tally);
            keys = keys[some.Length..];
        }

        table.Commit(tally);
    }

    private bool SpeaksOfOthers(PrefixOverlaps overlaps, int page)
    {
        Span<PrefixSlot> found = stackalloc PrefixSlot[PrefixTable.Ways];
        foreach (var slot in found[..table.Find(overlaps.Keys[page], found)])
        {
            if (overlaps.Lanes.BlockOf(slot.Group) is >= 0 and var block
                && (slot.Lanes & overlaps.Lanes.Live[block] & ~overlaps.Blocks[block]) != 0)
                return true;
        }

        return false;
    }

    private void MeetAll(PrefixOverlaps overlaps, int page)
    {
        Span<PrefixSlot> found = stackalloc PrefixSlot[PrefixTable.Ways];
        foreach (var slot in found[..table.Find(overlaps.Keys[page], found)])
        {
            if (overlaps.Lanes.BlockOf(slot.Group) is >= 0 and var block)
                Meet(overlaps, block, slot.Lanes, page + 1);
        }
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
