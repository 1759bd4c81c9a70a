using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing;

public sealed class ConsistentHashingPolicyTests
{
    private readonly Worker[] _workers = Make.Workers(8, new BreakerSettings { FailureThreshold = 1 });
    private readonly ConsistentHashingPolicy _policy = new(new Random(1));

    public ConsistentHashingPolicyTests() => _policy.WorkersChanged(_workers);

    [Fact]
    public void Requests_of_one_key_go_to_one_worker_and_keys_spread()
    {
        for (var key = 0; key < 100; key++)
            Assert.Same(Pick($"{key}"), Pick($"{key}"));
        var counts = Enumerable.Range(0, 8000).CountBy(key => Pick($"{key}")).Select(static pair => pair.Value).ToArray();
        Assert.Equal(8, counts.Length);
        Assert.All(counts, static count => Assert.InRange(count, 700, 1350));
    }

    [Fact]
    public void A_worker_asked_for_by_index_id_or_url_comes_before_the_key()
    {
        foreach (var worker in _workers)
        {
            Assert.Same(worker, Pick("key", worker.Id.ToString()));
            Assert.Same(worker, Pick("key", worker.Spec.Url.Text));
            Assert.Same(worker, Pick("key", worker.Spec.Url.Text + "/"));
        }

        Assert.Same(_workers[6], Pick("key", "6"));
    }

    [Theory]
    [InlineData("8")]
    [InlineData("99999999999999")]
    [InlineData("-1")]
    [InlineData("http://elsewhere:1")]
    public void A_target_that_does_not_exist_leaves_the_key_in_force(string target) =>
        Assert.Same(Pick("key"), Pick("key", target));

    [Fact]
    public void An_open_breaker_moves_the_key_and_a_target_on_and_lets_them_come_back()
    {
        var owner = Pick("key");
        Assert.True(WorkerLease.TryAcquire(owner, out var lease));
        lease.Release(AttemptOutcome.Failure);

        var next = Pick("key");
        Assert.NotSame(owner, next);
        Assert.Same(next, Pick("key"));
        Assert.Same(next, Pick("key", owner.Id.ToString()));
    }

    [Fact]
    public void A_retry_goes_to_the_next_on_the_ring()
    {
        var owner = Pick("key");
        var next = Ask.PickAfterFailureOn(owner, _policy, _workers, "key");
        Assert.NotSame(owner, next);
        Assert.Same(next, Ask.PickAfterFailureOn(owner, _policy, _workers, "key"));
    }

    private Worker Pick(string key, string? target = null) => Ask.Pick(_policy, _workers, key: key, target: target)!;
}
