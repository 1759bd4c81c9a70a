using Gateway.Actors.Cluster;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing.Peers;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using Gateway.Tests.Shared;

namespace Gateway.Actors.Tests.Cluster;

public sealed class LoadTopicTests : FleetTestKit
{
    private static readonly PeerId Peer = new("10.0.0.2:4053", 1);
    private readonly PeerLoads _loads;
    private readonly LoadTopic _topic;

    public LoadTopicTests()
    {
        _loads = new PeerLoads(Time, smoothing: TimeSpan.Zero);
        _topic = new LoadTopic(View, _loads);
    }

    [Fact]
    public void What_one_gateway_has_on_a_worker_the_other_sees_beside_its_own()
    {
        var worker = Ready("http://a:1");
        Assert.True(WorkerLease.TryAcquire(worker, out _));
        var told = Assert.Single(_topic.Collect());

        _topic.Receive(Peer, told);
        _topic.Collect();

        Assert.Equal((1, 1), (worker.Load, worker.PeerLoad));
        Assert.True(worker.EffectiveLoad >= 2);
    }

    [Fact]
    public void Who_has_nothing_says_so_and_who_has_left_is_forgotten()
    {
        var worker = Ready("http://a:1");
        Assert.True(WorkerLease.TryAcquire(worker, out var lease));
        _topic.Receive(Peer, Assert.Single(_topic.Collect()));
        lease.Release(AttemptOutcome.Success);

        _topic.Forget(Peer);
        Assert.Empty(Assert.Single(_topic.Collect()));

        Assert.Equal(0, worker.PeerLoad);
    }

    [Fact]
    public void A_piece_that_is_cut_off_is_refused() =>
        Assert.Throws<FormatException>(() => _topic.Receive(Peer, new byte[27]));

    private Worker Ready(string url)
    {
        Register(url, "m");
        AwaitAssert(() => Assert.Single(ReadyFor("m")));
        return ReadyFor("m")[0];
    }
}
