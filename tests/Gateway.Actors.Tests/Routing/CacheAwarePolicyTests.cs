using System.Text;
using CsCheck;
using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing;

public sealed class CacheAwarePolicyTests
{
    private const int Kibibyte = 1024;
    private readonly Random _random = new(3);

    [Fact]
    public void A_hit_wins_among_equal_loads()
    {
        var (policy, workers) = Fleet(8);
        for (byte i = 1; i <= 20; i++)
        {
            var first = Pick(policy, workers, Prompt(i, 4));
            for (var again = 0; again < 5; again++)
                Assert.Same(first, Pick(policy, workers, Prompt(i, 4 + again)));
        }
    }

    [Fact]
    public void A_hit_loses_when_its_queue_is_longer_than_what_it_saves()
    {
        var (policy, workers) = Fleet(8);
        var holder = Pick(policy, workers, Prompt(1, 16));
        var leases = new WorkerLease[8];
        for (var i = 0; i < 7; i++)
            Assert.True(WorkerLease.TryAcquire(holder, out leases[i]));
        Assert.Same(holder, Pick(policy, workers, Prompt(1, 16)));
        Assert.True(WorkerLease.TryAcquire(holder, 8 * Kibibyte, out leases[7]));
        Assert.NotSame(holder, Pick(policy, workers, Prompt(1, 16)));
    }

    [Fact]
    public void Long_prompts_in_the_queue_weigh_by_their_length_until_they_are_prefilled()
    {
        var (policy, workers) = Fleet(2);
        var holder = Pick(policy, workers, Prompt(1, 64));
        Assert.True(WorkerLease.TryAcquire(holder, 256 * Kibibyte, out var lease));
        var explanation = new RouteExplanation();
        Assert.NotSame(holder, Pick(policy, workers, Prompt(2, 4), explanation));
        Assert.Equal([0, 256 * Kibibyte], explanation.Candidates.Select(static candidate => candidate.PendingPromptBytes).Order());
        lease.EndPrefill();
        Assert.Same(holder, Pick(policy, workers, Prompt(1, 64)));
    }

    [Fact]
    public void A_miss_goes_to_one_of_the_least_loaded() =>
        Gen.Int[0, 6].Array[2, 20].Sample(loads =>
        {
            var (policy, workers) = Fleet(loads.Length);
            for (var i = 0; i < loads.Length; i++)
            {
                for (var j = 0; j < loads[i]; j++)
                    Assert.True(WorkerLease.TryAcquire(workers[i], out _));
            }

            Assert.Equal(loads.Min(), Pick(policy, workers, Prompt(1, 4)).Load);
        });

    [Fact]
    public void Misses_at_no_load_spread_evenly()
    {
        var (policy, workers) = Fleet(8);
        var counts = workers.ToDictionary(static worker => worker, static _ => 0);
        for (var i = 0; i < 4000; i++)
            counts[Pick(policy, workers, Unique(4))]++;
        Assert.All(counts.Values, static count => Assert.InRange(count, 400, 600));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void Requests_without_a_prompt_or_with_a_tiny_one_spread_by_load_alone(int bytes)
    {
        var (policy, workers) = Fleet(8);
        var leases = new WorkerLease[800];
        for (var i = 0; i < leases.Length; i++)
        {
            leases[i] = Serve(policy, workers, new byte[bytes]);
            Assert.InRange(workers.Max(static worker => worker.Load) - workers.Min(static worker => worker.Load), 0, 1);
        }

        for (var i = 0; i < leases.Length; i++)
            leases[i].Release(AttemptOutcome.Success);
    }

    [Fact]
    public void Token_ids_are_a_prompt_like_any_other()
    {
        var (policy, workers) = Fleet(8);
        var ids = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(1000, 400))}");
        var first = Pick(policy, workers, [.. ids, .. "]"u8]);
        for (var i = 0; i < 20; i++)
            Assert.Same(first, Pick(policy, workers, [.. ids, .. ",7,8,9]"u8]));
    }

    [Fact]
    public void A_burst_of_equal_prompts_stays_together_until_the_queue_outweighs_a_prefill_elsewhere()
    {
        var (policy, workers) = Fleet(4);
        for (var i = 0; i < 40; i++)
            _ = Serve(policy, workers, Prompt(1, 64));
        var loads = workers.Select(static worker => worker.Load).OrderDescending().ToArray();
        // 64 KiB: half of the first prefill and 16 running requests are as dear as another one.
        Assert.All(loads[..2], static load => Assert.InRange(load, 16, 17));
        Assert.Equal(0, loads[3]);
    }

    [Fact]
    public void A_shared_prefix_in_a_closed_loop_neither_piles_up_nor_starves()
    {
        var (policy, workers) = Fleet(8);
        var counts = Loop(policy, workers, requests: 1000, atOnce: 64, _ => 1, () => Prompt(1, 4, Unique(1)));
        // The fair share is 125.
        Assert.All(counts, static count => Assert.InRange(count, 90, 170));
    }

    [Fact]
    public void A_slow_worker_gets_less_even_though_it_has_the_prefix()
    {
        var (policy, workers) = Fleet(8);
        var slow = Pick(policy, workers, Prompt(1, 4));
        var counts = Loop(policy, workers, 2000, atOnce: 64, worker => worker == slow ? 3 : 1, () => Prompt(1, 4, Unique(1)));
        var share = counts[Array.IndexOf(workers, slow)] / 2000.0;
        // Of 7 + 1/3 workers' worth it is a third of one: 4.5 %; even would be 12.5 %.
        Assert.InRange(share, 0.02, 0.07);
    }

    [Fact]
    public void Sessions_stay_where_they_are_while_the_load_is_even()
    {
        var (policy, workers) = Fleet(8);
        var sessions = Enumerable.Range(0, 64).Select(_ => Unique(8)).ToArray();
        var homes = new Worker[sessions.Length];
        var moves = 0;
        for (var turn = 0; turn < 10; turn++)
        {
            var leases = new WorkerLease[sessions.Length];
            for (var i = 0; i < sessions.Length; i++)
            {
                sessions[i] = [.. sessions[i], .. Unique(1)];
                leases[i] = Serve(policy, workers, sessions[i]);
                moves += homes[i] is null || homes[i] == leases[i].Worker ? 0 : 1;
                homes[i] = leases[i].Worker;
            }

            Assert.All(workers, static worker => Assert.InRange(worker.Load, 4, 14));
            foreach (ref var lease in leases.AsSpan())
                lease.Release(AttemptOutcome.Success);
        }

        Assert.InRange(moves, 0, 20);
    }

    [Fact]
    public void A_removed_worker_is_never_picked_and_its_bytes_vanish()
    {
        var (policy, workers, context) = FleetAndContext(4);
        for (var i = 0; i < 200; i++)
            _ = Pick(policy, workers, Unique(4));
        var gone = workers[0];
        gone.Close();
        policy.WorkersChanged(workers.AsSpan(1));
        var explanation = new RouteExplanation();
        for (var i = 0; i < 500; i++)
            Assert.NotSame(gone, Pick(policy, workers[1..], Prompt(1, 4), explanation));
        Assert.DoesNotContain(explanation.Candidates, candidate => candidate.Worker == gone);
        Assert.Equal(context.Prefixes.CountUsedSlots() * 16, context.Prefixes.UsedBytes);
        // Of 200 prompts of 32 pages a quarter was on it.
        Assert.InRange(context.Prefixes.UsedBytes, 100 * 32 * 16, 175 * 32 * 16);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(1000)]
    public void A_pick_with_a_full_match_allocates_nothing(int count)
    {
        var (policy, workers) = Fleet(count);
        var prompt = Prompt(1, 16);
        for (var i = 0; i < 50; i++)
            _ = Pick(policy, workers, prompt);
        Allocations.AssertNone(1000, _ => Pick(policy, workers, prompt));
    }

    [Fact]
    public void A_new_prompt_allocates_nothing_either()
    {
        var (policy, workers) = Fleet(8);
        var prompts = Enumerable.Range(0, 1000).Select(_ => Unique(16)).ToArray();
        _ = Pick(policy, workers, Prompt(1, 16));
        Allocations.AssertNone(1000, i => Pick(policy, workers, prompts[i]));
    }

    [Fact]
    public void Among_a_thousand_the_holder_of_a_prefix_is_found_and_misses_spread()
    {
        var (policy, workers) = Fleet(1000);
        var used = new HashSet<Worker>();
        for (var i = 0; i < 500; i++)
        {
            var prompt = Unique(16);
            var lease = Serve(policy, workers, prompt);
            var holder = lease.Worker;
            used.Add(holder);
            lease.EndPrefill();
            Assert.Same(holder, Pick(policy, workers, prompt));
        }

        Assert.InRange(used.Count, 450, 500);
        Assert.InRange(workers.Max(static worker => worker.Load), 1, 2);
    }

    [Fact]
    public void Among_a_thousand_those_with_a_common_prefix_share_its_load()
    {
        var (policy, workers) = Fleet(1000);
        for (var i = 0; i < 4000; i++)
            Serve(policy, workers, Prompt(1, 4, Unique(1))).EndPrefill();
        Assert.InRange(workers.Max(static worker => worker.Load), 4, 10);
    }

    [Fact]
    public void Candidates_may_be_some_of_the_workers()
    {
        var (policy, workers) = Fleet(200);
        var some = workers.Where(static (_, i) => i % 2 == 1).ToArray();
        for (var i = 0; i < 50; i++)
        {
            var prompt = Unique(8);
            var first = Pick(policy, some, prompt);
            Assert.Contains(first, some);
            Assert.Same(first, Pick(policy, some, prompt));
        }
    }

    [Fact]
    public void A_worker_that_was_tried_is_passed_over_whatever_it_has()
    {
        var (policy, workers) = Fleet(100);
        var prompt = Unique(64);
        var tried = default(TriedWorkers);
        tried.Add(Pick(policy, workers, prompt).Id);
        for (var i = 0; i < 20; i++)
            Assert.False(tried.Contains(policy.Pick(workers, new RouteRequest(prompt, RouteHints.None, in tried))!.Id));
    }

    [Fact]
    public void The_caller_is_told_what_is_left_to_prefill_and_why()
    {
        var (policy, workers) = Fleet(3);
        var explanation = new RouteExplanation();
        var (prefill, tried) = (-1L, default(TriedWorkers));
        var request = new RouteRequest(Prompt(1, 8), RouteHints.None, in tried, ref prefill) { Explanation = explanation };
        _ = policy.Pick(workers, request);
        Assert.Equal((8 * Kibibyte, 0, 3), (prefill, explanation.MatchedShare, explanation.Candidates.Count));
        explanation.Clear();
        var picked = policy.Pick(workers, request);
        Assert.Equal((0, 1, "least cost"), (prefill, explanation.MatchedShare, explanation.Rule));
        Assert.Same(picked, explanation.Candidates.MinBy(static candidate => candidate.Cost).Worker);
    }

    [Fact]
    public void With_the_reference_s_cache_threshold_a_lesser_match_is_none()
    {
        var (policy, workers) = Fleet(2, new CacheAwareSettings { CacheThreshold = 0.3 });
        var holder = Pick(policy, workers, Prompt(1, 4));
        Assert.True(WorkerLease.TryAcquire(holder, out _));
        Assert.Same(holder, Pick(policy, workers, Prompt(1, 4, Unique(8))));
        Assert.NotSame(holder, Pick(policy, workers, Prompt(1, 4, Unique(10))));
    }

    [Fact]
    public void With_the_reference_s_balance_thresholds_the_least_loaded_is_taken_and_learns_the_prefix()
    {
        var (policy, workers) = Fleet(2, balance: new BalanceSettings { AbsThreshold = 4, RelThreshold = 1.5 });
        var holder = Pick(policy, workers, Prompt(1, 64));
        var leases = new WorkerLease[5];
        for (var i = 0; i < 4; i++)
            Assert.True(WorkerLease.TryAcquire(holder, out leases[i]));
        Assert.Same(holder, Pick(policy, workers, Prompt(1, 64)));
        Assert.True(WorkerLease.TryAcquire(holder, out leases[4]));
        var explanation = new RouteExplanation();
        var other = Pick(policy, workers, Prompt(1, 64), explanation);
        Assert.NotSame(holder, other);
        Assert.Contains("imbalance", explanation.Rule, StringComparison.Ordinal);
        explanation.Clear();
        Assert.Same(other, Pick(policy, workers, Prompt(1, 64), explanation));
        Assert.Equal(1, explanation.MatchedShare);
    }

    [Fact]
    public async Task Picks_and_changes_of_workers_may_come_at_once()
    {
        var (policy, workers) = Fleet(100);
        await Parallel.ForAsync(0, 6, (thread, _) =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 2000; i++)
            {
                var ready = workers.AsSpan(random.Next(20), 1 + random.Next(80));
                if (thread == 0)
                    policy.WorkersChanged(ready);
                var tried = default(TriedWorkers);
                var prompt = Prompt((byte)random.Next(10), 1 + random.Next(20));
                Assert.Contains(policy.Pick(ready, new RouteRequest(prompt, RouteHints.None, in tried)), ready.ToArray());
            }

            return ValueTask.CompletedTask;
        });
    }

    /// <summary>So many requests at once, the oldest of which ends when the next begins; on a slow worker it takes some rounds more.</summary>
    private static int[] Loop(
        CacheAwarePolicy policy, Worker[] workers, int requests, int atOnce, Func<Worker, int> slowness, Func<byte[]> prompt)
    {
        var counts = new int[workers.Length];
        var running = new PriorityQueue<WorkerLease, int>();
        var clock = 0;
        for (var i = 0; i < requests; i++)
        {
            if (running.Count == atOnce)
            {
                running.TryDequeue(out var done, out clock);
                done.Release(AttemptOutcome.Success);
            }

            var lease = Serve(policy, workers, prompt());
            counts[Array.IndexOf(workers, lease.Worker)]++;
            // A request takes a thousand ticks, or a little more, on a worker that is not slow.
            running.Enqueue(lease, clock + (slowness(lease.Worker) * 1000) + (i % 10));
        }

        while (running.TryDequeue(out var rest, out _))
            rest.Release(AttemptOutcome.Success);
        Assert.All(workers, static worker => Assert.Equal((0, 0), (worker.Load, worker.PendingPromptBytes)));
        return counts;
    }

    /// <summary>As the request path does it.</summary>
    private static WorkerLease Serve(CacheAwarePolicy policy, Worker[] workers, byte[] prompt)
    {
        var tried = default(TriedWorkers);
        long prefill = prompt.Length;
        var worker = policy.Pick(workers, new RouteRequest(prompt, RouteHints.None, in tried, ref prefill));
        Assert.True(WorkerLease.TryAcquire(worker!, prefill, out var lease));
        return lease;
    }

    private static Worker Pick(CacheAwarePolicy policy, Worker[] workers, byte[] prompt, RouteExplanation? explanation = null)
    {
        var tried = default(TriedWorkers);
        return policy.Pick(workers, new RouteRequest(prompt, RouteHints.None, in tried) { Explanation = explanation })!;
    }

    private static (CacheAwarePolicy Policy, Worker[] Workers) Fleet(
        int count, CacheAwareSettings? settings = null, BalanceSettings? balance = null)
    {
        var (policy, workers, _) = FleetAndContext(count, settings, balance);
        return (policy, workers);
    }

    private static (CacheAwarePolicy Policy, Worker[] Workers, PolicyContext Context) FleetAndContext(
        int count, CacheAwareSettings? settings = null, BalanceSettings? balance = null)
    {
        var cacheAware = (settings ?? CacheAwareSettings.Default) with { MemoryBytes = 4 << 20 };
        var context = new PolicyContext(
            new RoutingSettings { CacheAware = cacheAware, Balance = balance ?? new BalanceSettings() }, new LockedRandom(7), new ManualTime());
        var policy = new CacheAwarePolicy(context);
        var workers = Make.Workers(count);
        policy.WorkersChanged(workers);
        return (policy, workers, context);
    }

    private static byte[] Prompt(byte fill, int kibibytes, params byte[] tail)
    {
        var prompt = new byte[(kibibytes * Kibibyte) + tail.Length];
        prompt.AsSpan(0, kibibytes * Kibibyte).Fill(fill);
        tail.CopyTo(prompt, kibibytes * Kibibyte);
        return prompt;
    }

    private byte[] Unique(int kibibytes)
    {
        var prompt = new byte[kibibytes * Kibibyte];
        _random.NextBytes(prompt);
        return prompt;
    }

    /// <summary>Seeded, and safe for concurrent use.</summary>
    private sealed class LockedRandom(int seed) : Random(seed)
    {
        private readonly Lock _gate = new();

        public override int Next(int maxValue)
        {
            lock (_gate)
                return base.Next(maxValue);
        }
    }
}
