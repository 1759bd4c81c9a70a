using System.Runtime.Versioning;
using Akka.Actor;
using Gateway.Actors.Discovery.Leases;
using Gateway.Actors.Registrations;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registrations.RegistrationProtocol;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Registrations;

public sealed class RegistrationKeeperTests : FleetTestKit
{
    private readonly string _folder = Directory.CreateTempSubdirectory("registrations").FullName;

    private LeaseView _leases = new();
    private IActorRef? _lessor;

    private IActorRef Lessor => _lessor ??= Sys.ActorOf(LeaseActor.Props(Registry, View, _leases, Time));

    private string FilePath => Path.Combine(_folder, "state", "registrations.json");

    [Fact]
    public void What_was_registered_through_the_API_is_there_after_a_restart_with_its_key_and_revision()
    {
        var keeper = Keep();
        var worker = Register(Make.Spec("http://a:1", "m") with { ApiKey = new Secret("s3cret") });
        SendAccepted(new Update(worker.Id, new WorkerPatch { Priority = 7 }));
        End(keeper);
        Forget("http://a:1");

        Keep();

        AwaitAssert(() => Assert.Single(Current.Workers));
        var entry = Entry(worker.Id);
        Assert.Equal((7, 2L, "s3cret"), (entry.Worker.Spec.Priority, entry.Worker.Revision, entry.Worker.Spec.ApiKey!.Reveal()));
        Assert.Equal(WorkerOrigin.Api, entry.Origin);
    }

    [Fact]
    public void What_was_removed_stays_away_after_a_restart()
    {
        var keeper = Keep();
        var worker = Register("http://a:1", "m");
        SendAccepted(new Remove(worker.Id));
        Register("http://b:1", "m");
        End(keeper);
        Forget("http://b:1");

        Keep();

        AwaitAssert(() => Assert.Equal("http://b:1", Assert.Single(Current.Workers).Value.Worker.Spec.Url.Text));
    }

    [Theory]
    [InlineData(WorkerOrigin.CommandLine)]
    [InlineData(WorkerOrigin.File)]
    [InlineData(WorkerOrigin.Kubernetes)]
    public void What_others_than_the_API_told_of_is_theirs_to_remember(WorkerOrigin origin)
    {
        var keeper = Keep();
        SendAccepted(new Register(Make.Spec("http://a:1", "m"), origin));
        Register("http://b:1", "m");
        End(keeper);

        Assert.DoesNotContain("a:1", File.ReadAllText(FilePath));
    }

    [Fact]
    public void Who_had_to_renew_has_to_renew_after_a_restart_too()
    {
        var keeper = Keep();
        var worker = Register("http://a:1", "m");
        Lessor.Tell(new LeaseProtocol.Grant(worker.Id, TimeSpan.FromSeconds(20), Entry(worker.Id).Worker.Spec), TestActor);
        ExpectMsg<LeaseProtocol.Leased>();
        End(keeper);
        Sys.Stop(Lessor);
        Forget("http://a:1");
        _lessor = null;
        _leases = new LeaseView();

        Keep();

        AwaitAssert(() => Assert.Equal(TimeSpan.FromSeconds(20), _leases.Find(worker.Id)?.Duration));
        AwaitAssert(() => Assert.Single(Current.Workers));
        Pass(TimeSpan.FromSeconds(25));
        AwaitAssert(() => Assert.Empty(Current.Workers));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Only_its_owner_may_read_the_file_for_there_are_keys_in_it()
    {
        var keeper = Keep();
        Register("http://a:1", "m");
        End(keeper);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public void A_file_that_cannot_be_understood_is_put_aside_and_stops_nothing()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, """{"registrations": [{"url": "http://a:1", "revision": """);

        var keeper = Keep();
        AwaitAssert(() => Assert.True(File.Exists(FilePath + ".broken")));
        Register("http://b:1", "m");
        End(keeper);

        Assert.Contains("http://b:1", File.ReadAllText(FilePath));
    }

    [Fact]
    public void A_hint_registers_a_worker_which_is_then_probed_as_any_other()
    {
        Keep().Tell(new Heard(Map(Present("http://a:1", revision: 4))));

        AwaitAssert(() => Assert.Single(Current.Workers));
        var entry = Current.Workers.Values.Single();
        Assert.Equal((4L, WorkerOrigin.Api), (entry.Worker.Revision, entry.Origin));
        AwaitAssert(() => Assert.Single(ReadyFor("m")));
    }

    [Fact]
    public void A_list_that_lacks_a_worker_removes_nothing()
    {
        var keeper = Keep();
        Register("http://a:1", "m");

        keeper.Tell(new Heard(Map(Present("http://b:1"))));

        AwaitAssert(() => Assert.Equal(2, Current.Workers.Count));
        Pass(RegistrationKeeperActor.LookInterval * 2);
        Assert.Equal(2, Current.Workers.Count);
    }

    [Fact]
    public void The_higher_revision_holds_whoever_heard_it_first()
    {
        var keeper = Keep();
        var worker = Register("http://a:1", "m");
        keeper.Tell(new Heard(Map(Present("http://a:1", revision: 5, priority: 9))));
        AwaitAssert(() => Assert.Equal((9, 5L), (Entry(worker.Id).Worker.Spec.Priority, Entry(worker.Id).Worker.Revision)));

        keeper.Tell(new Heard(Map(Present("http://a:1", revision: 3, priority: 1))));
        Pass(RegistrationKeeperActor.LookInterval * 2);

        Assert.Equal(9, Entry(worker.Id).Worker.Spec.Priority);
    }

    [Fact]
    public void A_drain_elsewhere_drains_here_and_cuts_nothing_off()
    {
        var keeper = Keep();
        var worker = Register("http://a:1", "m");
        AwaitAssert(() => Assert.Single(ReadyFor("m")));
        Assert.True(WorkerLease.TryAcquire(ReadyFor("m").Single(), out var lease));

        keeper.Tell(new Heard(Map(Absent("http://a:1", revision: 2))));

        AwaitAssert(() => Assert.Equal(WorkerState.Draining, Entry(worker.Id).State));
        Assert.Equal("gone", Entry(worker.Id).Reason);
        lease.Release(AttemptOutcome.Success);
        AwaitAssert(() => Assert.Empty(Current.Workers));
        Pass(RegistrationKeeperActor.LookInterval * 2);
        Assert.Empty(Current.Workers);
    }

    [Fact]
    public void A_worker_that_is_registered_again_after_its_removal_counts_its_revisions_on()
    {
        var keeper = Keep();
        keeper.Tell(new Heard(Map(Absent("http://a:1", revision: 6))));

        var worker = Register("http://a:1", "m");

        AwaitAssert(() => Assert.Equal(7, Entry(worker.Id).Worker.Revision));
        keeper.Tell(new Follow(), TestActor);
        Assert.Equal(7, ExpectMsg<News>().Registrations.ByPlace["a:1"].Revision);
    }

    [Fact]
    public void An_operators_removal_elsewhere_takes_a_discovered_worker_away_once_and_its_source_may_tell_of_it_again()
    {
        var keeper = Keep();
        SendAccepted(new Register(Make.Spec("http://a:1", "m"), WorkerOrigin.Kubernetes));
        Advance(TimeSpan.FromSeconds(2));
        keeper.Tell(new Heard(Map(Absent("http://a:1", revision: 2))));
        AwaitAssert(() => Assert.Empty(Current.Workers));

        SendAccepted(new Register(Make.Spec("http://a:1", "m"), WorkerOrigin.Kubernetes));
        Pass(RegistrationKeeperActor.LookInterval * 2);

        Assert.Single(Current.Workers);
    }

    [Fact]
    public void A_removal_of_before_the_start_does_not_hold_against_the_configuration()
    {
        Advance(TimeSpan.FromHours(1));
        SendAccepted(new Register(Make.Spec("http://a:1", "m"), WorkerOrigin.CommandLine));
        var keeper = Keep();

        keeper.Tell(new Heard(Map(Absent("http://a:1", revision: 2))));
        Pass(RegistrationKeeperActor.LookInterval * 2);

        Assert.Equal(WorkerState.Ready, Assert.Single(Current.Workers).Value.State);
    }

    [Fact]
    public void What_is_written_here_is_news_for_the_others_and_what_was_heard_is_not()
    {
        var keeper = Keep();
        var others = CreateTestProbe();
        keeper.Tell(new Follow(), others);
        Assert.Empty(others.ExpectMsg<News>().Registrations.ByPlace);

        keeper.Tell(new Heard(Map(Present("http://b:1"))));
        AwaitAssert(() => Assert.Single(Current.Workers));
        Register("http://a:1", "m");

        Assert.Equal(["a:1"], others.ExpectMsg<News>().Registrations.ByPlace.Keys);
        others.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void A_worker_whose_record_was_lost_on_the_way_is_recorded_at_the_next_look()
    {
        Register("http://a:1", "m");

        var keeper = Keep();
        Pass(RegistrationKeeperActor.LookInterval);
        End(keeper);

        Assert.Contains("http://a:1", File.ReadAllText(FilePath));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Directory.Delete(_folder, recursive: true);
    }

    private static RegistrationMap Map(params Registration[] registrations) => RegistrationMap.Of(registrations);

    private static Registration Present(string url, long revision = 1, int priority = 50) =>
        new(WorkerUrl.Parse(url), revision, DateTimeOffset.UnixEpoch.AddSeconds(1), Make.Spec(url, "m") with { Priority = priority });

    private static Registration Absent(string url, long revision) =>
        new(WorkerUrl.Parse(url), revision, DateTimeOffset.UnixEpoch.AddSeconds(1), null, new Removal(TimeSpan.FromMinutes(1), AtOnce: false, "gone"));

    /// <summary>Returns when it has asked the registry to be told of registrations, which it does before anything else.</summary>
    private IActorRef Keep()
    {
        var keeper = Sys.ActorOf(RegistrationKeeperActor.Props(Registry, new RegistrationFile(FilePath), _leases, Lessor, Time));
        var follower = CreateTestProbe();
        keeper.Tell(new Follow(), follower);
        follower.ExpectMsg<News>();
        return keeper;
    }

    /// <summary>Ends it when it has taken in all that it was told: a stop overtakes what waits in its mailbox.</summary>
    private void End(IActorRef keeper)
    {
        Registry.Tell(new GetSnapshot(), TestActor);
        ExpectMsg<RegistrySnapshot>();
        var asking = CreateTestProbe();
        keeper.Tell(new Identify(null), asking);
        asking.ExpectMsg<ActorIdentity>();
        Watch(keeper);
        // Behind what it has been told: a stop would go before that.
        keeper.Tell(PoisonPill.Instance);
        ExpectTerminated(keeper);
    }

    /// <summary>As if the gateway had gone: nobody keeps what happens to the worker.</summary>
    private void Forget(string url)
    {
        SendAccepted(new Remove(WorkerId.Of(WorkerUrl.Parse(url))));
        Assert.Empty(Current.Workers);
    }
}
