using Gateway.Actors.Routing;
using Gateway.Actors.Routing.Peers;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing.Peers;

/// <summary>Two gateways before the same workers.</summary>
public sealed class PrefixSharingTests
{
    private readonly Random _random = new(5);
    private readonly Gateway _here = new("secret");
    private readonly Gateway _there = new("secret");

    [Fact]
    public void A_prompt_that_one_has_placed_is_found_by_the_other()
    {
        for (var i = 0; i < 20; i++)
        {
            var prompt = Unique(16);
            var placed = _here.Place(prompt);
            Tell(_here, _there);
            Assert.Equal(placed, _there.Place(prompt));
            Assert.Equal(prompt.Length, _there.LastMatched);
        }
    }

    [Fact]
    public void A_conversation_that_goes_back_and_forth_stays_where_it_is()
    {
        var prompt = Unique(4);
        var home = _here.Place(prompt);
        for (var turn = 0; turn < 20; turn++)
        {
            Tell(_here, _there);
            Tell(_there, _here);
            prompt = [.. prompt, .. Unique(1)];
            Assert.Equal(home, (turn % 2 == 0 ? _there : _here).Place(prompt));
        }
    }

    [Fact]
    public void Only_what_is_new_is_told()
    {
        var prompt = Unique(64);
        _here.Place(prompt);
        var first = _here.Sharing.TakeDigest()!;
        _here.Place(prompt);
        Assert.Null(_here.Sharing.TakeDigest());
        _here.Place([.. prompt, .. Unique(8)]);
        Assert.InRange(_here.Sharing.TakeDigest()!.Length, 1, first.Length / 3);
    }

    [Fact]
    public void What_was_learned_is_not_told_on()
    {
        _here.Place(Unique(16));
        Tell(_here, _there);
        Assert.Null(_there.Sharing.TakeDigest());
    }

    [Fact]
    public void No_digest_is_larger_than_64_KiB_and_nothing_is_lost_between_two()
    {
        var prompts = Enumerable.Range(0, 250).Select(_ => Unique(16)).ToList();
        var placed = prompts.ConvertAll(_here.Place);
        var digests = 0;
        while (_here.Sharing.TakeDigest() is { } digest)
        {
            Assert.InRange(digest.Length, 1, 64 * 1024);
            Assert.Equal(DigestOutcome.Learned, _there.Sharing.Learn(digest));
            digests++;
        }

        Assert.InRange(digests, 2, 4);
        Assert.Equal(0, _here.Sharing.Dropped);
        Assert.Equal(placed, prompts.ConvertAll(_there.Place));
    }

    [Fact]
    public void Models_are_kept_apart_though_they_have_the_same_workers()
    {
        var prompt = Unique(16);
        _here.Place(prompt);
        var other = new CacheAwarePolicy(_there.Context with { Model = "other" });
        other.WorkersChanged(_there.Workers);
        Tell(_here, _there);
        _there.Place(prompt, other);
        Assert.Equal(0, _there.LastMatched);
        _there.Place(prompt);
        Assert.Equal(prompt.Length, _there.LastMatched);
    }

    [Fact]
    public void A_worker_that_is_not_known_here_and_a_model_that_is_not_are_passed_over()
    {
        var prompt = Unique(16);
        var placed = _here.Place(prompt);
        _there.Policy.WorkersChanged(_there.Workers.Where(worker => worker.Id != placed).ToArray());
        var digest = _here.Sharing.TakeDigest()!;
        Assert.Equal(DigestOutcome.Learned, _there.Sharing.Learn(digest));
        Assert.Equal(DigestOutcome.Learned, new PrefixSharing("secret"u8).Learn(digest));
        _there.Place(prompt);
        Assert.Equal(0, _there.LastMatched);
    }

    [Fact]
    public void A_policy_that_is_no_longer_in_use_learns_nothing_and_the_one_in_its_place_does()
    {
        _there.Policy.WorkersChanged([]);
        var next = new CacheAwarePolicy(_there.Context);
        next.WorkersChanged(_there.Workers);
        var prompt = Unique(16);
        _here.Place(prompt);
        Tell(_here, _there);
        _there.Place(prompt, next);
        Assert.Equal(prompt.Length, _there.LastMatched);
    }

    [Fact]
    public void Gateways_with_different_secrets_do_not_believe_each_other()
    {
        _here.Place(Unique(16));
        Assert.Equal(DigestOutcome.OtherSecret, new Gateway("another").Sharing.Learn(_here.Sharing.TakeDigest()!));
    }

    [Fact]
    public void Telling_costs_a_request_no_allocation()
    {
        var prompts = Enumerable.Range(0, 2101).Select(_ => Unique(16)).ToArray();
        // More than the log has room for, so that both ways are gone.
        _here.Pick(prompts[2100]);
        Allocations.AssertNone(2100, i => _here.Pick(prompts[i]));
        Assert.True(_here.Sharing.Dropped > 0);
    }

    [Fact]
    public void Picks_digests_and_changes_of_workers_may_come_at_once()
    {
        var prompts = Enumerable.Range(0, 100).Select(_ => Unique(4)).ToArray();
        Parallel.For(0, 4, thread =>
        {
            for (var i = 0; i < 500; i++)
            {
                if (thread == 0)
                    Tell(_here, _there);
                else if (thread == 1)
                    _there.Policy.WorkersChanged(_there.Workers.AsSpan(i % 3));
                else
                    (thread == 2 ? _here : _there).Pick(prompts[i % prompts.Length]);
            }
        });
        _there.Policy.WorkersChanged(_there.Workers);
        var fresh = Unique(16);
        var placed = _here.Place(fresh);
        Tell(_here, _there);
        Assert.Equal(placed, _there.Place(fresh));
    }

    private static void Tell(Gateway from, Gateway to)
    {
        while (from.Sharing.TakeDigest() is { } digest)
            Assert.Equal(DigestOutcome.Learned, to.Sharing.Learn(digest));
    }

    private byte[] Unique(int kibibytes)
    {
        var prompt = new byte[kibibytes * 1024];
        _random.NextBytes(prompt);
        return prompt;
    }

    /// <summary>One of them: objects of its own for the same workers.</summary>
    private sealed class Gateway
    {
        private static readonly WorkerId[] _ids = [.. Enumerable.Range(0, 8).Select(static _ => new WorkerId(Guid.NewGuid()))];

        public Gateway(string secret)
        {
            Sharing = new PrefixSharing(System.Text.Encoding.UTF8.GetBytes(secret));
            Context = new PolicyContext(
                new RoutingSettings { CacheAware = new CacheAwareSettings { MemoryBytes = 4 << 20 } }, Random.Shared, new ManualTime())
            {
                Model = "m",
                Sharing = Sharing,
            };
            Policy = new CacheAwarePolicy(Context);
            var facts = Make.Facts("m");
            Workers = [.. _ids.Select((id, i) => new Worker(id, i + 1, 1, Make.Spec($"http://w:{i + 1}"), facts, BreakerSettings.Default, new ManualTime()))];
            Policy.WorkersChanged(Workers);
        }

        public PrefixSharing Sharing { get; }

        public PolicyContext Context { get; }

        public CacheAwarePolicy Policy { get; }

        public Worker[] Workers { get; }

        /// <summary>Bytes that the last placed prompt was expected to find.</summary>
        public long LastMatched { get; private set; }

        public WorkerId Place(byte[] prompt) => Place(prompt, Policy);

        public WorkerId Place(byte[] prompt, CacheAwarePolicy policy)
        {
            var explanation = new RouteExplanation();
            var picked = policy.Pick(Workers, new RouteRequest(prompt, RouteHints.None, in TriedWorkers.None) { Explanation = explanation });
            LastMatched = explanation.MatchedBytes;
            return picked!.Id;
        }

        public void Pick(byte[] prompt) => Policy.Pick(Workers, new RouteRequest(prompt, RouteHints.None, in TriedWorkers.None));
    }
}
