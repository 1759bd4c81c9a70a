using CsCheck;
using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing;

public sealed class HashRingTests
{
    private const int Keys = 2000;

    [Fact]
    public void One_worker_less_moves_its_own_keys_and_no_others() =>
        Gen.Select(Gen.Int[2, 40], Gen.Int[0, 39]).Sample((count, index) =>
        {
            var workers = Make.Workers(count);
            var gone = workers[index % count];
            Worker[] rest = [.. workers.Where(worker => worker != gone)];
            var before = HashRing.Empty.With(workers);
            var after = before.With(rest);
            var moved = 0;
            for (var key = 0; key < Keys; key++)
            {
                var (old, now) = (Owner(before, key, workers), Owner(after, key, rest));
                if (old == now)
                    continue;
                Assert.Same(gone, old);
                moved++;
            }

            Assert.InRange(moved, 0.5 * Keys / count, 1.6 * Keys / count);
        }, iter: 30);

    [Fact]
    public void One_worker_more_takes_its_share_and_moves_nothing_between_others() =>
        Gen.Int[1, 40].Sample(count =>
        {
            var workers = Make.Workers(count + 1);
            var added = workers[^1];
            var before = HashRing.Empty.With(workers.AsSpan(0, count));
            var after = before.With(workers);
            var moved = 0;
            for (var key = 0; key < Keys; key++)
            {
                var now = Owner(after, key, workers);
                if (now == Owner(before, key, workers))
                    continue;
                Assert.Same(added, now);
                moved++;
            }

            Assert.InRange(moved, 0.5 * Keys / (count + 1), 1.6 * Keys / (count + 1));
        }, iter: 30);

    [Fact]
    public void However_it_came_about_a_ring_is_the_ring_of_its_workers() =>
        Gen.Select(Gen.Bool.Array[1, 12].Array[0, 8], Gen.Bool.Array[1, 12]).Sample((history, last) =>
        {
            var workers = Make.Workers(12);
            var ring = HashRing.Empty;
            foreach (var step in history)
                ring = ring.With(Subset(step));
            var present = Subset(last);
            ring = ring.With(present);
            var fresh = HashRing.Empty.With(present);
            for (var key = 0; key < 200; key++)
                Assert.Same(Owner(fresh, key, present), Owner(ring, key, present));

            Worker[] Subset(bool[] isIn) => [.. workers.Where((_, i) => i < isIn.Length && isIn[i])];
        });

    [Fact]
    public void Two_gateways_agree_although_each_has_its_own_ids_and_order()
    {
        var ours = Make.Workers(9);
        Worker[] theirs = [.. Make.Workers(9).Reverse()];
        var (a, b) = (HashRing.Empty.With(ours), HashRing.Empty.With(theirs));
        for (var key = 0; key < Keys; key++)
            Assert.Equal(Owner(a, key, ours)!.Spec.Url, Owner(b, key, theirs)!.Spec.Url);
    }

    [Fact]
    public void An_edited_worker_keeps_its_points()
    {
        var workers = Make.Workers(4);
        var ring = HashRing.Empty.With(workers);
        Worker[] edited = [.. workers.Select(static worker => worker.WithSpec(worker.Spec with { Priority = 9 }, 2))];
        Assert.Same(ring, ring.With(edited));
        Assert.Contains(Owner(ring, 1, edited), edited);
    }

    [Fact]
    public void Keys_of_a_worker_that_is_out_spread_over_the_others()
    {
        var workers = Make.Workers(8);
        var ring = HashRing.Empty.With(workers);
        var owned = Enumerable.Range(0, Keys).Where(key => Owner(ring, key, workers) == workers[3]).ToArray();
        workers[3].Close();
        Assert.True(owned.Select(key => Owner(ring, key, workers)).Distinct().Count() >= 6);
    }

    [Fact]
    public void The_last_eligible_of_many_is_found()
    {
        var workers = Make.Workers(2000);
        var ring = HashRing.Empty.With(workers);
        foreach (var worker in workers.Where(worker => worker != workers[1500]))
            worker.Close();
        Assert.Same(workers[1500], Owner(ring, 1, workers));
        workers[1500].Close();
        Assert.Null(Owner(ring, 1, workers));
    }

    private static Worker? Owner(HashRing ring, int key, Worker[] candidates)
    {
        var tried = default(TriedWorkers);
        return ring.Find(HashRing.KeyOf($"key {key}"), candidates, new RouteRequest([], RouteHints.None, in tried));
    }
}
