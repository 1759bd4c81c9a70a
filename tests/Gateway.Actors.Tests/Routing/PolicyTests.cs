using CsCheck;
using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing;

/// <summary>What every policy promises, and what each adds.</summary>
public sealed class PolicyTests
{
    public static TheoryData<string> Policies => [.. PolicyCatalog.Names];

    private static readonly BreakerSettings OneFailureOpens = new() { FailureThreshold = 1 };

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_pick_is_eligible_and_there_is_one_whenever_any_candidate_is(string name) =>
        Gen.Select(Gen.Int[0, 3].Array[0, 20], Gen.Int[1, 10], Gen.Byte.Array[0, 3], Gen.Int[-1, 3], Gen.Bool).Sample((kinds, picks, prompt, key, isTold) =>
        {
            var policy = PolicyCatalog.Create(name, PolicyContext.Default);
            var workers = Make.Workers(kinds.Length, OneFailureOpens);
            // It may have been told of other workers than it is given: a snapshot may be older than the policy's news.
            policy.WorkersChanged(isTold ? workers : workers.AsSpan(workers.Length / 2));
            var tried = default(TriedWorkers);
            for (var i = 0; i < workers.Length; i++)
            {
                if (kinds[i] == 1)
                    workers[i].Close();
                else if (kinds[i] == 2)
                    Break(workers[i]);
                else if (kinds[i] == 3 && tried.Count < TriedWorkers.Capacity)
                    tried.Add(workers[i].Id);
            }

            var hints = key < 0 ? RouteHints.None : new RouteHints($"session {key}", $"{key}");
            var request = new RouteRequest(prompt, hints, in tried);
            var anyEligible = false;
            foreach (var worker in workers)
                anyEligible |= request.IsEligible(worker);
            for (var i = 0; i < picks; i++)
            {
                var picked = policy.Pick(workers, request);
                Assert.Equal(anyEligible, picked is not null);
                Assert.True(picked is null || request.IsEligible(picked));
            }
        });

    [Theory]
    [MemberData(nameof(Policies))]
    public void Equal_workers_get_about_equal_shares_of_requests_that_say_nothing(string name)
    {
        // It exists to send everything to the first.
        if (name == "passthrough")
            return;
        var policy = PolicyCatalog.Create(name, PolicyContext.Default);
        var workers = Make.Workers(8);
        policy.WorkersChanged(workers);
        var counts = Count(policy, workers, 8000);
        Assert.All(workers, worker => Assert.InRange(counts[worker.Id], 800, 1200));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_pick_allocates_nothing(string name)
    {
        var policy = PolicyCatalog.Create(name, PolicyContext.Default);
        var workers = Make.Workers(16);
        policy.WorkersChanged(workers);
        var tried = default(TriedWorkers);
        RouteHints[] hints = [RouteHints.None, new("a session", null), new(null, "3"), new(null, workers[5].Id.ToString()), new(null, "http://w:9")];
        Pick(20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pick(1000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Pick(int times)
        {
            for (var i = 0; i < times; i++)
                _ = policy.Pick(workers, new RouteRequest("a prompt"u8, hints[i % hints.Length], in tried));
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Many_threads_may_pick_while_workers_come_and_go(string name)
    {
        var policy = PolicyCatalog.Create(name, PolicyContext.Default);
        var workers = Make.Workers(8);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                if (thread == 0)
                    policy.WorkersChanged(workers.AsSpan(i % 8));
                Assert.NotNull(Ask.Pick(policy, workers, $"prompt {i % 50}", $"session {i % 50}"));
            }
        })));
    }

    [Fact]
    public void Passthrough_takes_the_first_that_is_eligible()
    {
        var workers = Make.Workers(3);
        Assert.Same(workers[0], Pick(new PassthroughPolicy(), workers));
        workers[0].Close();
        Assert.Same(workers[1], Pick(new PassthroughPolicy(), workers));
    }

    [Fact]
    public void Dp_min_token_levels_what_is_pending()
    {
        var policy = PolicyCatalog.Create("dp_min_token", PolicyContext.Default);
        var workers = Make.Workers(5);
        for (var i = 0; i < 500; i++)
            Assert.True(WorkerLease.TryAcquire(Pick(policy, workers)!, out _));
        Assert.All(workers, static worker => Assert.Equal(100, worker.Load));
    }

    [Fact]
    public void Round_robin_takes_each_in_turn()
    {
        var policy = new RoundRobinPolicy();
        var workers = Make.Workers(3);
        var picked = Enumerable.Range(0, 6).Select(_ => Pick(policy, workers)).ToArray();
        Assert.Equal([.. workers, .. workers], picked);
    }

    [Fact]
    public void Power_of_two_never_takes_the_most_loaded_of_all()
    {
        var workers = Make.Workers(4);
        Assert.True(WorkerLease.TryAcquire(workers[2], out var lease));
        var counts = Count(new PowerOfTwoPolicy(new Random(1)), workers, 1000);
        Assert.False(counts.ContainsKey(workers[2].Id));
        lease.Release(AttemptOutcome.Success);
    }

    [Fact]
    public void Power_of_two_keeps_the_longest_queue_shorter_than_random()
    {
        Assert.True(LongestQueue(new PowerOfTwoPolicy(new Random(7))) < LongestQueue(new RandomPolicy(new Random(7))));

        static int LongestQueue(IRoutingPolicy policy)
        {
            var workers = Make.Workers(64);
            for (var i = 0; i < 64 * 20; i++)
                Assert.True(WorkerLease.TryAcquire(Pick(policy, workers)!, out _));
            return workers.Max(static worker => worker.Load);
        }
    }

    [Fact]
    public void An_unknown_policy_is_refused_by_name() =>
        Assert.Contains("fancy", Assert.Throws<ArgumentException>(() => PolicyCatalog.Create("fancy", PolicyContext.Default)).Message, StringComparison.Ordinal);

    private static Worker? Pick(IRoutingPolicy policy, Worker[] workers)
    {
        var tried = default(TriedWorkers);
        return policy.Pick(workers, new RouteRequest([], RouteHints.None, in tried));
    }

    private static Dictionary<WorkerId, int> Count(IRoutingPolicy policy, Worker[] workers, int picks)
    {
        var counts = new Dictionary<WorkerId, int>();
        for (var i = 0; i < picks; i++)
        {
            var id = Pick(policy, workers)!.Id;
            counts[id] = counts.GetValueOrDefault(id) + 1;
        }

        return counts;
    }

    private static void Break(Worker worker)
    {
        Assert.True(WorkerLease.TryAcquire(worker, out var lease));
        lease.Release(AttemptOutcome.Failure);
    }
}
