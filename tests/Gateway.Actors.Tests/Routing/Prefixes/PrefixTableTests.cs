using System.IO.Hashing;
using System.Runtime.InteropServices;
using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Tests.Support;

namespace Gateway.Actors.Tests.Routing.Prefixes;

public sealed class PrefixTableTests
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public void It_takes_its_cap_at_once_and_says_so()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var table = new PrefixTable(8 * Mebibyte);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(table.AllocatedBytes, (8 * Mebibyte) - 256, (8 * Mebibyte) + 256);
        Assert.InRange(taken, table.AllocatedBytes, table.AllocatedBytes + (16 * 1024));
        Assert.Equal(0, table.UsedBytes);
    }

    [Fact]
    public async Task Filled_far_beyond_the_cap_from_many_threads_it_stays_at_the_cap_and_its_account_is_exact()
    {
        var table = new PrefixTable(Mebibyte);
        var lanes = OpenLanes(table, 8);
        Touch(table, lanes[0], 0, 1);
        await Parallel.ForAsync(0, 8, (writer, _) =>
        {
            Allocations.AssertNone(2000, i =>
            {
                var tally = default(PrefixTable.Tally);
                for (var j = 0; j < 100; j++)
                    table.Touch(Key((ulong)((writer * 150_000) + (i * 100) + j)), lanes[writer], table.Clock.Now, ref tally);
                table.Commit(tally);
                if (table.UsedBytes > Mebibyte)
                    Assert.Fail("above the cap");
            });
            return ValueTask.CompletedTask;
        });
        Assert.Equal(table.CountUsedSlots() * PrefixTable.SlotBytes, table.UsedBytes);
        Assert.Equal(Mebibyte, table.UsedBytes);
        Assert.Equal(table.Clock.Insertions, table.Evictions + table.CountUsedSlots());
    }

    [Fact]
    public void What_is_used_stays_and_what_is_not_goes_first()
    {
        var table = new PrefixTable(Mebibyte);
        var lane = OpenLanes(table, 1)[0];
        for (var round = 0; round < 40; round++)
        {
            Touch(table, lane, 0, 1000);
            Touch(table, lane, 10_000 + (round * 10_000), 10_000);
        }

        Assert.InRange(Known(table, lane, 0, 1000), 990, 1000);
        Assert.InRange(Known(table, lane, 10_000, 10_000), 0, 100);
        Assert.InRange(Known(table, lane, 10_000 + (39 * 10_000), 10_000), 9_900, 10_000);
    }

    [Fact]
    public void A_page_tells_of_every_worker_that_has_seen_it()
    {
        var table = new PrefixTable(Mebibyte);
        var lanes = OpenLanes(table, 200);
        foreach (var lane in lanes)
            Touch(table, lane, 0, 10);
        Assert.All(lanes, lane => Assert.Equal(10, Known(table, lane, 0, 10)));
        Assert.Equal(10 * ((200 + LaneRegistry.LanesPerGroup - 1) / LaneRegistry.LanesPerGroup), table.CountUsedSlots());
    }

    [Fact]
    public void A_retired_lane_gives_back_its_bytes_while_others_write()
    {
        var table = new PrefixTable(Mebibyte);
        var first = OpenLanes(table, 1)[0];
        var second = OpenLanes(table, 1)[0];
        Touch(table, first, 0, 20_000);
        Touch(table, second, 20_000, 1000);
        table.Retire(first);
        for (var i = 0; i < 1000; i++)
            table.Commit(default);
        Assert.Equal(1000 * PrefixTable.SlotBytes, table.UsedBytes);
        Assert.Equal(1000, table.CountUsedSlots());
        Assert.Equal(1000, Known(table, second, 20_000, 1000));
    }

    [Theory]
    [InlineData(true, 9_800, 10_000)]
    [InlineData(false, 5_000, 8_000)]
    public void Space_of_a_retired_lane_is_taken_before_that_of_others(bool retires, int least, int most)
    {
        var table = new PrefixTable(Mebibyte);
        var gone = OpenLanes(table, 1)[0];
        var living = OpenLanes(table, 1)[0];
        Touch(table, living, 0, 10_000);
        Touch(table, gone, 20_000, 25_000);
        if (retires)
            table.Retire(gone);
        // Nothing is committed, so that nothing is swept.
        var tally = default(PrefixTable.Tally);
        for (var page = 60_000UL; page < 85_000; page++)
            table.Touch(Key(page), living, table.Clock.Now, ref tally);
        Assert.InRange(Known(table, living, 0, 10_000), least, most);
    }

    [Fact]
    public void Cleared_is_gone_for_this_lane_alone()
    {
        var table = new PrefixTable(Mebibyte);
        var lanes = OpenLanes(table, 2);
        Touch(table, lanes[0], 0, 100);
        Touch(table, lanes[1], 0, 50);
        for (var i = 0; i < 100; i++)
            table.Clear(Key((ulong)i), lanes[0]);
        Assert.Equal((0, 50), (Known(table, lanes[0], 0, 100), Known(table, lanes[1], 0, 100)));
        Assert.Equal(50, table.CountUsedSlots());
        Assert.Equal(50 * PrefixTable.SlotBytes, table.UsedBytes);
    }

    /// <summary>
    /// Each writer touches pages of its own in its own lane, in a table far too small for them, so that slots are torn and taken all the time.
    /// What a reader finds may be missing; it must never be untrue.
    /// </summary>
    [Fact]
    public async Task Under_any_race_a_page_is_never_said_to_be_with_one_who_has_not_seen_it()
    {
        const int Writers = 4;
        const ulong Pages = 64;
        var table = new PrefixTable(2 * 256);
        var lanes = OpenLanes(table, Writers);
        await Parallel.ForAsync(0, 2 * Writers, (index, _) =>
        {
            var found = new PrefixSlot[PrefixTable.Ways];
            var random = new Random(index);
            var tally = default(PrefixTable.Tally);
            for (var i = 0; i < 200_000; i++)
            {
                var page = (ulong)random.NextInt64((long)Pages);
                var owner = (int)(page % Writers);
                if (index < Writers)
                {
                    if (owner == index)
                        table.Touch(Key(page), lanes[index], (uint)(i >> 8) & PrefixClock.TickMask, ref tally);
                    continue;
                }

                var count = table.Find(Key(page), found);
                foreach (var slot in found.AsSpan(0, count))
                    Assert.Equal((lanes[owner].Group, lanes[owner].Mask), (slot.Group, slot.Lanes));
            }

            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public async Task Without_eviction_nearly_nothing_is_lost_to_a_race_and_what_is_touched_again_is_there()
    {
        var table = new PrefixTable(4 * Mebibyte);
        var lanes = OpenLanes(table, 8);
        // Each begins elsewhere: requests meet on a page now and then, and do not go through all pages in step.
        await Parallel.ForAsync(0, 8, (writer, _) =>
        {
            Touch(table, lanes[writer], writer * 2_500, 20_000 - (writer * 2_500));
            Touch(table, lanes[writer], 0, writer * 2_500);
            return ValueTask.CompletedTask;
        });
        // On a quiet machine 99 % are there. A thread that loses its core in the middle of a write was seen to cost a lane 600 pages.
        Assert.All(lanes, lane => Assert.InRange(Known(table, lane, 0, 20_000), 18_000, 20_000));
        foreach (var lane in lanes)
            Touch(table, lane, 0, 20_000);
        Assert.All(lanes, lane => Assert.Equal(20_000, Known(table, lane, 0, 20_000)));
    }

    private static Lane[] OpenLanes(PrefixTable table, int count)
    {
        var lanes = new Lane[count];
        var group = 0u;
        for (var i = 0; i < count; i++)
        {
            if (i % LaneRegistry.LanesPerGroup == 0)
                group = table.Lanes.NewGroup();
            lanes[i] = new Lane(group, i % LaneRegistry.LanesPerGroup);
            table.Lanes.Open(lanes[i]);
        }

        return lanes;
    }

    /// <summary>Hashed first, as the bytes of a page are: of numbers that follow each other, one drawing of the secrets in a thousand puts three into one set.</summary>
    private static ulong Key(ulong page) => PageHash.OfThisProcess.Chain(42, XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in page))));

    private static void Touch(PrefixTable table, Lane lane, int from, int count)
    {
        for (var page = from; page < from + count; page++)
        {
            var tally = default(PrefixTable.Tally);
            table.Touch(Key((ulong)page), lane, table.Clock.Now, ref tally);
            table.Commit(tally);
        }
    }

    private static int Known(PrefixTable table, Lane lane, int from, int count)
    {
        var found = new PrefixSlot[PrefixTable.Ways];
        var known = 0;
        for (var page = from; page < from + count; page++)
        {
            var slots = found.AsSpan(0, table.Find(Key((ulong)page), found));
            foreach (var slot in slots)
            {
                if (!slot.Has(lane))
                    continue;
                known++;
                break;
            }
        }

        return known;
    }
}
