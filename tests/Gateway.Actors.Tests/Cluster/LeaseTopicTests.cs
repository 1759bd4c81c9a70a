using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Actors.Discovery.Leases;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using static Gateway.Actors.Discovery.Leases.LeaseProtocol;

namespace Gateway.Actors.Tests.Cluster;

/// <summary>This gateway, and what another one tells it; the other's pieces are made by a topic over leases of its own.</summary>
public sealed class LeaseTopicTests : FleetTestKit
{
    private static readonly PeerId Peer = new("10.0.0.2:4053", 1);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    private readonly LeaseView _leases = new();
    private readonly LeaseView _others = new();
    private readonly IActorRef _lessor;
    private readonly LeaseTopic _topic;
    private readonly LeaseTopic _other;
    private readonly WorkerId _worker;

    public LeaseTopicTests()
    {
        _lessor = Sys.ActorOf(LeaseActor.Props(Registry, View, _leases, Time));
        _topic = new LeaseTopic(View, _leases, () => _lessor);
        _other = new LeaseTopic(View, _others, static () => ActorRefs.Nobody);
        _worker = Register("http://a:1", "m").Id;
    }

    [Fact]
    public void A_worker_that_renews_at_another_gateway_is_not_drained_here()
    {
        GrantHere();
        Advance(Duration * 0.8);

        RenewElsewhere();
        _topic.Receive(Peer, Assert.Single(_other.Collect()));
        AwaitAssert(() => Assert.True(_leases.Find(_worker)!.IsHeard));
        Advance(Duration * 0.8);

        Assert.Equal(WorkerState.Ready, Entry(_worker).State);
        Advance(Duration);
        AwaitAssert(() => Assert.Empty(Current.Workers));
    }

    [Fact]
    public void A_worker_that_registered_itself_at_another_gateway_has_to_renew_here_too()
    {
        RenewElsewhere();

        _topic.Receive(Peer, Assert.Single(_other.Collect()));

        AwaitAssert(() => Assert.Equal(Duration, _leases.Find(_worker)?.Duration));
    }

    [Fact]
    public void A_renewal_is_told_once_and_what_was_heard_is_not_told_on()
    {
        GrantHere();
        Assert.Single(_topic.Collect());
        Assert.Empty(_topic.Collect());

        RenewElsewhere();
        _topic.Receive(Peer, Assert.Single(_other.Collect()));
        AwaitAssert(() => Assert.True(_leases.Find(_worker)!.IsHeard));

        Assert.Empty(_topic.Collect());
    }

    [Fact]
    public void A_worker_that_stays_for_good_at_one_gateway_does_so_at_all()
    {
        RenewElsewhere();
        _topic.Receive(Peer, Assert.Single(_other.Collect()));
        AwaitAssert(() => Assert.NotNull(_leases.Find(_worker)));

        _others.Current = _others.Current.Remove(_worker);
        _topic.Receive(Peer, Assert.Single(_other.Collect()));

        AwaitAssert(() => Assert.Null(_leases.Find(_worker)));
        Advance(Duration * 2);
        Assert.Equal(WorkerState.Ready, Entry(_worker).State);
    }

    [Fact]
    public void A_piece_that_is_cut_off_or_a_lease_shorter_than_nothing_is_refused()
    {
        Assert.Throws<FormatException>(() => _topic.Receive(Peer, new byte[23]));
        Assert.Throws<FormatException>(() => _topic.Receive(Peer, [.. new byte[16], .. BitConverter.GetBytes(-1L)]));
    }

    private void GrantHere()
    {
        _lessor.Tell(new Grant(_worker, Duration, Entry(_worker).Worker.Spec), TestActor);
        ExpectMsg<Leased>();
    }

    /// <summary>As the other gateway's LeaseActor has it.</summary>
    private void RenewElsewhere() => _others.Current = _others.Current.SetItem(
        _worker, new RegistrationLease(Duration, Time.GetUtcNow() + Duration, Entry(_worker).Worker.Spec));
}
