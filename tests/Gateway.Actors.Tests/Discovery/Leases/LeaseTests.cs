using Akka.Actor;
using Gateway.Actors.Discovery.Leases;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using static Gateway.Actors.Discovery.Leases.LeaseProtocol;

namespace Gateway.Actors.Tests.Discovery.Leases;

/// <summary>Over a registry, in virtual time.</summary>
public sealed class LeaseTests() : FleetTestKit
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly LeaseView _leases = new();

    [Fact]
    public void A_worker_that_does_not_renew_is_drained_when_its_lease_expires()
    {
        var (actor, id) = StartWithWorker();
        var worker = Entry(id).Worker;
        Assert.True(WorkerLease.TryAcquire(worker, out var request));
        Grants(actor, id, Duration);

        Advance(Duration - Moment);
        Assert.NotEqual(WorkerState.Draining, Entry(id).State);

        Advance(Moment);
        AwaitAssert(() => Assert.Equal(WorkerState.Draining, Entry(id).State));
        Assert.Equal("it has not renewed its lease of 30 s", Entry(id).Reason);
        // Its request ends by itself.
        Assert.Equal(1, worker.Load);
        request.Release(AttemptOutcome.Success);
        AwaitAssert(() => Assert.Empty(Current.Workers));
    }

    [Fact]
    public void A_worker_that_renews_stays()
    {
        var (actor, id) = StartWithWorker();
        Grants(actor, id, Duration);

        for (var i = 0; i < 100; i++)
        {
            Advance(Duration - Moment);
            var lease = Assert.IsType<Leased>(Ask(actor, new Renew(id))).Lease;
            Assert.Equal(Time.GetUtcNow() + Duration, lease.Expires);
        }

        Assert.NotEqual(WorkerState.Draining, Entry(id).State);
    }

    [Fact]
    public void A_renewal_may_change_how_long_the_lease_lasts()
    {
        var (actor, id) = StartWithWorker();
        Grants(actor, id, Duration);
        Ask(actor, new Renew(id, Duration * 3));

        Advance(Duration * 2);
        Assert.Equal(Duration * 3, _leases.Find(id)!.Duration);
        Assert.NotEqual(WorkerState.Draining, Entry(id).State);

        Advance(Duration);
        AwaitAssert(() => Assert.Empty(Current.Workers));
    }

    [Fact]
    public void A_renewal_without_an_answer_counts_too()
    {
        var (actor, id) = StartWithWorker();
        Grants(actor, id, Duration);
        Advance(Duration - Moment);

        actor.Tell(new Renew(id), ActorRefs.NoSender);

        Advance(Duration - Moment);
        Assert.NotEqual(WorkerState.Draining, Entry(id).State);
    }

    [Fact]
    public void Who_has_no_lease_cannot_renew_it()
    {
        var (actor, id) = StartWithWorker();

        Assert.IsType<NotLeased>(Ask(actor, new Renew(id)));

        Assert.Empty(_leases.Current);
    }

    [Fact]
    public void A_worker_whose_lease_is_forgotten_stays_without_renewals()
    {
        var (actor, id) = StartWithWorker();
        Grants(actor, id, Duration);

        Assert.IsType<NotLeased>(Ask(actor, new Forget(id)));

        Advance(TimeSpan.FromDays(1));
        Assert.NotEqual(WorkerState.Draining, Entry(id).State);
        Assert.Empty(_leases.Current);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_worker_that_is_removed_or_drained_loses_its_lease(bool atOnce)
    {
        var (actor, id) = StartWithWorker();
        Grants(actor, id, Duration);

        SendAccepted(atOnce ? new RegistryProtocol.Remove(id) : new RegistryProtocol.Drain(id));

        AwaitAssert(() => Assert.Empty(_leases.Current));
    }

    [Fact]
    public void A_lease_may_come_before_the_worker()
    {
        var actor = Start();
        var later = new WorkerId(Guid.NewGuid());
        Grants(actor, later, Duration);

        Register("http://b:1", "m");

        Advance(Duration - Moment);
        Assert.NotNull(_leases.Find(later));
        Advance(Moment);
        AwaitAssert(() => Assert.Null(_leases.Find(later)));
    }

    [Theory]
    [InlineData(WorkerOrigin.CommandLine)]
    [InlineData(WorkerOrigin.File)]
    [InlineData(WorkerOrigin.Kubernetes)]
    [InlineData(WorkerOrigin.Dns)]
    public void A_worker_that_others_look_after_is_never_drained_for_a_lease(WorkerOrigin origin)
    {
        var actor = Start();
        var id = SendAccepted(new RegistryProtocol.Register(Make.Spec("http://a:1", "m"), origin)).Id;
        Grants(actor, id, Duration);

        Advance(Duration);

        AwaitAssert(() => Assert.Empty(_leases.Current));
        Assert.NotEqual(WorkerState.Draining, Entry(id).State);
    }

    [Fact]
    public void A_restart_loses_no_lease_and_gives_no_time()
    {
        var (actor, id) = StartWithWorker();
        Grants(actor, id, Duration);
        Advance(Duration / 2);
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        Start();

        Advance((Duration / 2) - Moment);
        Assert.NotEqual(WorkerState.Draining, Entry(id).State);

        Advance(Moment);
        AwaitAssert(() => Assert.Empty(Current.Workers));
    }

    [Fact]
    public void A_registry_that_fails_is_told_again()
    {
        var id = Register("http://a:1", "m").Id;
        var registry = CreateTestProbe();
        var actor = Start(registry);
        Grants(actor, id, Duration);
        Advance(Duration);
        registry.ExpectMsg<RegistryProtocol.Drain>();
        registry.Reply(new RegistryProtocol.Refused(Refusal.Faulted, "sorry"));

        Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(id, registry.ExpectMsg<RegistryProtocol.Drain>().Id);
    }

    private (IActorRef Actor, WorkerId Id) StartWithWorker()
    {
        var id = Register("http://a:1", "m").Id;
        return (Start(), id);
    }

    private IActorRef Start() => Start(Registry);

    private IActorRef Start(IActorRef registry) => StartHere(LeaseActor.Props(registry, View, _leases, Time));

    private void Grants(IActorRef actor, WorkerId id, TimeSpan duration) =>
        Assert.IsType<Leased>(Ask(actor, new Grant(id, duration, Make.Spec("http://a:1", "m"))));

    private IReply Ask(IActorRef actor, ICommand command)
    {
        actor.Tell(command, TestActor);
        return ExpectMsg<IReply>();
    }
}
