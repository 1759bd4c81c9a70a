using CsCheck;
using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing;

public sealed class ManualPolicyTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_session_stays_when_workers_are_added()
    {
        var policy = Create();
        var workers = Make.Workers(20);
        var before = Enumerable.Range(0, 100).Select(i => Ask.Pick(policy, workers.AsSpan(0, 4), key: $"{i}")).ToArray();
        Assert.Equal(before, Enumerable.Range(0, 100).Select(i => Ask.Pick(policy, workers, key: $"{i}")));
    }

    [Fact]
    public void A_session_whose_worker_is_out_gets_a_second_one_and_goes_back()
    {
        var policy = Create();
        var workers = Make.Workers(8);
        var home = Ask.Pick(policy, workers, key: "k")!;
        var standIn = Ask.PickAfterFailureOn(home, policy, workers, "k")!;
        Assert.NotSame(home, standIn);
        Assert.Same(standIn, Ask.PickAfterFailureOn(home, policy, workers, "k"));
        Assert.Same(home, Ask.Pick(policy, workers, key: "k"));
    }

    [Fact]
    public void Of_three_workers_the_oldest_is_forgotten()
    {
        var policy = Create();
        var workers = Make.Workers(3);
        var first = Ask.Pick(policy, workers, key: "k")!;
        Worker[] without = [.. workers.Where(worker => worker != first)];
        var second = Ask.Pick(policy, without, key: "k")!;
        Worker[] last = [.. without.Where(worker => worker != second)];
        var third = Ask.Pick(policy, last, key: "k")!;
        Assert.Same(second, Ask.Pick(policy, workers, key: "k"));
        Assert.Same(third, Ask.Pick(policy, [first, third], key: "k"));
    }

    [Fact]
    public void A_session_that_was_idle_for_too_long_is_forgotten()
    {
        var context = Context(new ManualSettings { Assignment = AssignmentMode.MinLoad });
        var policy = new ManualPolicy(context);
        var workers = Make.Workers(2);
        var home = Ask.Send(policy, workers, key: "k");
        _time.Advance(TimeSpan.FromSeconds(14_400));
        Assert.Same(home, Ask.Pick(policy, workers, key: "k"));
        _time.Advance(TimeSpan.FromSeconds(14_401));
        Assert.NotSame(home, Ask.Pick(policy, workers, key: "k"));
        Assert.Equal(1, context.Sticky.Count);
    }

    [Fact]
    public void New_sessions_go_where_the_mode_says()
    {
        var workers = Make.Workers(4);
        Ask.Occupy(workers[0], 3);
        var byLoad = Create(new ManualSettings { Assignment = AssignmentMode.MinLoad });
        Assert.All(Enumerable.Range(0, 50), i => Assert.NotSame(workers[0], Ask.Pick(byLoad, workers, key: $"{i}")));

        var context = Context(new ManualSettings { Assignment = AssignmentMode.MinGroup });
        var byGroup = new ManualPolicy(context);
        for (var i = 0; i < 400; i++)
            Ask.Pick(byGroup, workers, key: $"{i}");
        Assert.All(workers, worker => Assert.Equal(100, context.Sticky.SessionsOn(worker.Id)));
    }

    [Fact]
    public void Two_models_have_sessions_of_their_own()
    {
        var context = Context(new ManualSettings());
        var (a, b) = (new ManualPolicy(context), new ManualPolicy(context));
        Ask.Pick(a, Make.Workers(2), key: "k");
        Ask.Pick(b, Make.Workers(2), key: "k");
        Assert.Equal(2, context.Sticky.Count);
    }

    [Fact]
    public void A_million_keys_stay_within_the_cap_and_the_latest_are_kept()
    {
        var context = Context(new ManualSettings { TableBytes = 1024 * 1024 });
        var policy = new ManualPolicy(context);
        var workers = Make.Workers(8);
        for (var i = 0; i < 1_000_000; i++)
            Ask.Pick(policy, workers, key: $"{i}");
        var table = context.Sticky;
        Assert.InRange(table.Bytes, 1, 1024 * 1024);
        Assert.InRange(table.Count, table.Capacity * 0.9, table.Capacity);
        Assert.Equal(table.Count, workers.Sum(worker => table.SessionsOn(worker.Id)));
        var latest = Enumerable.Range(999_000, 1000).Select(i => Ask.Pick(policy, workers, key: $"{i}")).ToArray();
        Assert.Equal(latest, Enumerable.Range(999_000, 1000).Select(i => Ask.Pick(policy, workers, key: $"{i}")));
        Assert.Equal(table.Count, workers.Sum(worker => table.SessionsOn(worker.Id)));
    }

    [Fact]
    public void A_shard_does_as_a_plain_dictionary_with_a_list_by_last_use() =>
        Gen.Select(Gen.Int[1, 12], Gen.Select(Gen.Int[0, 30], Gen.Int[0, 3]).Array[0, 300]).Sample((capacity, steps) =>
        {
            var counts = new StickyTable.SessionCounts();
            var shard = new StickyShard(capacity, maxIdle: 100, counts);
            var model = new Dictionary<int, (WorkerId Worker, long UsedAt)>();
            var ids = Enumerable.Range(0, 31).Select(static _ => new WorkerId(Guid.NewGuid())).ToArray();
            long now = 0;
            foreach (var (key, pause) in steps)
            {
                now += pause == 3 ? 40 : 1;
                var (found, _) = shard.Find((UInt128)key, now);
                if (model.TryGetValue(key, out var known) && now - known.UsedAt <= 100)
                {
                    Assert.Equal(known.Worker, found);
                }
                else
                {
                    Assert.Equal(default, found);
                    model.Remove(key);
                    shard.Assign((UInt128)key, ids[key], now);
                    foreach (var idle in model.Where(pair => now - pair.Value.UsedAt > 100).OrderBy(static pair => pair.Value.UsedAt).Take(2).ToArray())
                        model.Remove(idle.Key);
                    if (model.Count == capacity)
                        model.Remove(model.MinBy(static pair => pair.Value.UsedAt).Key);
                }

                model[key] = (ids[key], now);
                Assert.Equal(model.Count, shard.Count);
                Assert.All(model.Keys, each => Assert.Equal(1, counts.Of(ids[each])));
            }
        });

    private ManualPolicy Create(ManualSettings? settings = null) => new(Context(settings ?? new ManualSettings()));

    private PolicyContext Context(ManualSettings settings) =>
        new(RoutingSettings.Default with { Manual = settings }, new Random(3), _time);
}
