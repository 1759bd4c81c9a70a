using CsCheck;
using Gateway.Actors.Routing.Peers;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing.Peers;

public sealed class PlacementLogTests
{
    private static readonly WorkerId _worker = new WorkerId(Guid.NewGuid());

    [Fact]
    public void What_was_written_comes_out_once_in_order() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.ULong.Array[0, 300]).Array[0, 600].Sample(records =>
        {
            var log = new PlacementLog();
            var keys = new List<ulong>();
            // Twice, so that records lie across the end of the ring.
            for (var round = 0; round < 2; round++)
            {
                var kept = records.TakeWhile((_, i) => records.Take(i + 1).Sum(static record => record.Item2.Length + 3) <= PlacementLog.Words).ToList();
                foreach (var (model, placed) in kept)
                    log.Write(model, _worker, placed);
                foreach (var (model, placed) in kept)
                {
                    Assert.True(log.TryTake(int.MaxValue, out var its, out var worker, keys));
                    Assert.Equal((model, _worker), (its, worker));
                    Assert.Equal(placed, keys);
                    keys.Clear();
                }

                Assert.False(log.TryTake(int.MaxValue, out _, out _, keys));
            }
        });

    [Fact]
    public void What_finds_no_room_is_dropped_and_counted_and_what_was_there_stays()
    {
        var log = new PlacementLog();
        var keys = new ulong[PlacementLog.MostKeys];
        for (var i = 0; i < 200; i++)
            log.Write(i, _worker, keys);
        var taken = new List<ulong>();
        var last = -1;
        while (log.TryTake(int.MaxValue, out var model, out _, taken))
            Assert.Equal(++last, model);
        Assert.Equal((PlacementLog.Words / (PlacementLog.MostKeys + 3)) - 1, last);
        Assert.Equal(200 - 1 - last, log.Dropped);
        log.Write(7, _worker, keys);
        Assert.True(log.TryTake(int.MaxValue, out _, out _, taken));
    }

    [Fact]
    public void A_record_that_does_not_fit_waits()
    {
        var log = new PlacementLog();
        log.Write(1, _worker, [1, 2, 3]);
        var keys = new List<ulong>();
        Assert.False(log.TryTake(2, out _, out _, keys));
        Assert.Empty(keys);
        Assert.True(log.TryTake(3, out _, out _, keys));
    }

    [Fact]
    public async Task Many_may_write_while_one_reads()
    {
        const int Writers = 4;
        const int Records = 20_000;
        var log = new PlacementLog();
        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            Span<ulong> keys = stackalloc ulong[20];
            for (var i = 0; i < Records; i++)
            {
                // All the same within a record, so that torn ones would be seen.
                var some = keys[..(1 + (i % 20))];
                some.Fill(((ulong)writer << 32) | (uint)i);
                log.Write(writer, _worker, some);
            }
        })).ToArray();
        var all = Task.WhenAll(writers);
        var taken = 0;
        var last = new long[Writers];
        Array.Fill(last, -1);
        var read = new List<ulong>();
        for (var isLast = false; ; isLast = all.IsCompleted)
        {
            while (log.TryTake(int.MaxValue, out var writer, out var worker, read))
            {
                Assert.Equal(_worker, worker);
                var record = (long)(uint)read[0];
                Assert.Equal(1 + (record % 20), read.Count);
                Assert.All(read, key => Assert.Equal(((ulong)writer << 32) | (uint)record, key));
                Assert.True(record > last[writer]);
                last[writer] = record;
                taken++;
                read.Clear();
            }

            if (isLast)
                break;
        }

        await all;
        Assert.Equal(Writers * Records, taken + log.Dropped);
    }
}
