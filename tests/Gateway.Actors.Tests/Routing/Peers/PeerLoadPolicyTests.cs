using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing.Peers;

public sealed class PeerLoadPolicyTests
{
    [Theory]
    [InlineData("cache_aware")]
    [InlineData("power_of_two")]
    [InlineData("least_load")]
    [InlineData("dp_min_token")]
    [InlineData("bucket")]
    [InlineData("prefix_hash")]
    public void A_worker_that_peers_keep_busy_is_left_alone(string name)
    {
        var policy = PolicyCatalog.Create(name, PolicyContext.Default);
        var workers = Make.Workers(2);
        policy.WorkersChanged(workers);
        workers[0].ReportPeers(50, 0);
        for (var i = 0; i < 50; i++)
            Assert.Same(workers[1], policy.Pick(workers, new RouteRequest(BitConverter.GetBytes(i), RouteHints.None, in TriedWorkers.None)));
    }

    [Theory]
    [InlineData("cache_aware")]
    [InlineData("dp_min_token")]
    public void Prompts_that_peers_have_waiting_count_as_ones_own_do(string name)
    {
        var policy = PolicyCatalog.Create(name, PolicyContext.Default);
        var workers = Make.Workers(2);
        policy.WorkersChanged(workers);
        workers[1].ReportPeers(1, 1_000_000);
        Assert.True(WorkerLease.TryAcquire(workers[0], 500_000, out var lease));
        Assert.Same(workers[0], policy.Pick(workers, new RouteRequest([], RouteHints.None, in TriedWorkers.None)));
        lease.Release(AttemptOutcome.Success);
    }
}
