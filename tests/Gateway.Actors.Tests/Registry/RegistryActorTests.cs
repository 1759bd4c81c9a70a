using Akka.Actor;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Registry;

public sealed class RegistryActorTests : FleetTestKit
{
    [Fact]
    public void A_registered_worker_is_routable_once_its_first_probe_tells_its_model()
    {
        Engines["http://a:1"].IsSlow = true;
        var id = Register("http://a:1").Id;
        Assert.Equal(WorkerState.Pending, Entry(id).State);
        Assert.Empty(ReadyFor("m"));

        Engines["http://a:1"].LetAnswer();

        Assert.Equal(WorkerState.Ready, Entry(id).State);
        Assert.Equal(id, Assert.Single(ReadyFor("m")).Id);
    }

    [Fact]
    public void A_worker_that_does_not_say_its_model_is_asked_again_until_it_does()
    {
        Engines["http://a:1"].Answer = Make.Healthy();
        var id = Register("http://a:1").Id;
        Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(WorkerState.Pending, Entry(id).State);
        Assert.Contains("which model", Entry(id).Reason, StringComparison.Ordinal);

        Engines["http://a:1"].Answer = Make.Healthy("late");
        Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(WorkerState.Ready, Entry(id).State);
        Assert.Single(ReadyFor("late"));
    }

    [Fact]
    public void The_same_registration_twice_is_one_worker()
    {
        var first = Register("http://a:1", "m");
        var second = Register("http://A:1/", "m");
        Assert.True(first.Changed);
        Assert.False(second.Changed);
        Assert.Equal(first.Id, second.Id);
        Assert.Single(Current.Workers);
    }

    [Fact]
    public void A_different_worker_on_a_taken_url_is_a_conflict()
    {
        var first = Register("http://a:1", "m");
        var refused = SendRefused(new Register(Make.Spec("http://a:1", "other"), WorkerOrigin.Api));
        Assert.Equal(Refusal.UrlTaken, refused.Refusal);
        Assert.Equal(first.Id, refused.Id);
    }

    [Theory]
    [InlineData("a:1")]
    [InlineData("grpc://a:1")]
    [InlineData("https://a:1")]
    public void Another_scheme_does_not_make_it_another_place(string url)
    {
        Register("http://a:1", "m");
        Assert.Equal(Refusal.UrlTaken, SendRefused(new Register(Make.Spec(url, "m"), WorkerOrigin.Api)).Refusal);
    }

    [Fact]
    public void An_alias_is_hidden_by_a_model_of_its_name_and_found_again_when_that_is_gone()
    {
        Register(Make.Spec("http://a:1") with { Models = [new ModelCard("n", ["m"])] });
        Assert.Equal("n", Current.FindModel("m"u8)?.Id);
        var id = Register("http://b:1", "m").Id;
        Assert.Equal("m", Current.FindModel("m"u8)?.Id);
        SendAccepted(new Remove(id));
        Assert.Equal("n", Current.FindModel("m"u8)?.Id);
    }

    [Fact]
    public void A_model_that_the_operator_named_has_the_length_that_the_engine_tells()
    {
        Engines["http://a:1"].Answer = ProbeResult.Healthy(new WorkerFacts { Mode = ConnectionMode.Http, Models = [new ModelCard("m", MaxModelLength: 4096)] });
        Register("http://a:1", "m", "n");
        Assert.Equal(4096, Current.FindModel("m"u8)!.Card.MaxModelLength);
        Assert.Null(Current.FindModel("n"u8)!.Card.MaxModelLength);
    }

    [Fact]
    public void A_reply_names_a_version_that_is_published_already()
    {
        for (var i = 1; i <= 20; i++)
        {
            var reply = Register($"http://a:{i}", "m");
            Assert.InRange(reply.Version, 1, Current.Version);
            Assert.Contains(reply.Id, Current.Workers.Keys);
        }
    }

    [Fact]
    public void An_edit_of_priority_keeps_the_incarnation_and_raises_the_revision()
    {
        var id = Register("http://a:1", "m").Id;
        var before = Entry(id).Worker;
        Assert.True(WorkerLease.TryAcquire(before, out var lease));

        var reply = SendAccepted(new Update(id, new WorkerPatch { Priority = 7 }));

        var after = Entry(id).Worker;
        Assert.Equal((before.Epoch, 2L, 7), (after.Epoch, reply.Revision, after.Spec.Priority));
        Assert.Equal(1, after.Load);
        lease.Release(AttemptOutcome.Success);
        Assert.Equal(0, after.Load);
    }

    [Fact]
    public void A_replacement_that_names_an_old_revision_is_refused()
    {
        var id = Register("http://a:1", "m").Id;
        SendAccepted(new Update(id, new WorkerPatch { Priority = 7 }, ExpectedRevision: 1));
        var refused = SendRefused(new Replace(id, Make.Spec("http://a:1", "n"), ExpectedRevision: 1));
        Assert.Equal(Refusal.RevisionMismatch, refused.Refusal);
        Assert.Equal("m", Entry(id).Worker.Models[0].Id);
    }

    [Fact]
    public void A_replacement_of_the_models_is_a_new_incarnation_and_the_old_one_takes_nothing_more()
    {
        var id = Register("http://a:1", "m").Id;
        var old = Entry(id).Worker;
        SendAccepted(new Replace(id, Make.Spec("http://a:1", "n")));
        Assert.False(WorkerLease.TryAcquire(old, out _));
        var young = Assert.Single(ReadyFor("n"));
        Assert.True(young.Epoch > old.Epoch);
        Assert.NotSame(old.Client, young.Client);
        Assert.Null(Current.FindModel("m"u8));
    }

    [Fact]
    public void A_replacement_must_keep_the_url() =>
        Assert.Equal(
            Refusal.UrlChanged,
            SendRefused(new Replace(Register("http://a:1", "m").Id, Make.Spec("http://b:1", "m"))).Refusal);

    [Fact]
    public void Commands_about_an_unknown_worker_are_refused()
    {
        ICommand[] commands =
        [
            new Update(new WorkerId(Guid.NewGuid()), new WorkerPatch()),
            new Replace(new WorkerId(Guid.NewGuid()), Make.Spec("http://a:1")),
            new Drain(new WorkerId(Guid.NewGuid())),
            new Remove(new WorkerId(Guid.NewGuid())),
        ];
        Assert.All(commands, command => Assert.Equal(Refusal.UnknownWorker, SendRefused(command).Refusal));
    }

    [Fact]
    public void A_removed_worker_is_gone_at_once_and_its_client_goes_with_its_last_request()
    {
        var id = Register("http://a:1", "m").Id;
        var worker = Entry(id).Worker;
        Assert.True(WorkerLease.TryAcquire(worker, out var lease));

        SendAccepted(new Remove(id));

        Assert.Empty(Current.Workers);
        Assert.Null(Current.FindModel("m"u8));
        var client = Assert.IsType<FakeClient>(worker.Client);
        Assert.False(client.IsDisposed);
        lease.Release(AttemptOutcome.Success);
        AwaitAssert(() => Assert.True(client.IsDisposed));
    }

    [Fact]
    public void A_drain_waits_for_the_last_request()
    {
        var id = Register("http://a:1", "m").Id;
        var worker = Entry(id).Worker;
        Assert.True(WorkerLease.TryAcquire(worker, out var lease));

        SendAccepted(new Drain(id));

        Assert.Equal(WorkerState.Draining, Entry(id).State);
        Assert.Empty(ReadyFor("m"));
        Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(WorkerState.Draining, Entry(id).State);
        lease.Release(AttemptOutcome.Success);
        AwaitAssert(() => Assert.Empty(Current.Workers));
    }

    [Fact]
    public void A_drain_ends_at_its_deadline_although_requests_still_run()
    {
        var id = Register("http://a:1", "m").Id;
        Assert.True(WorkerLease.TryAcquire(Entry(id).Worker, out var lease));
        SendAccepted(new Drain(id, TimeSpan.FromSeconds(30)));
        Pass(TimeSpan.FromSeconds(29));
        Assert.Single(Current.Workers);
        Pass(TimeSpan.FromSeconds(2));
        Assert.Empty(Current.Workers);
        lease.Release(AttemptOutcome.Success);
    }

    [Fact]
    public void An_idle_worker_drains_at_once()
    {
        var id = Register("http://a:1", "m").Id;
        SendAccepted(new Drain(id));
        AwaitAssert(() => Assert.Empty(Current.Workers));
    }

    [Fact]
    public void Workers_are_counted_when_they_come_and_when_they_are_gone_and_not_when_they_are_born_anew()
    {
        var first = Register("http://a:1", "m").Id;
        Register("http://a:1", "m");
        var second = Register("http://b:1", "m").Id;
        var epoch = Entry(first).Worker.Epoch;
        Registry.Tell(new Failed(first, epoch, "lost"));
        Registry.Tell(new Reborn(first, epoch));
        AwaitAssert(() => Assert.True(Entry(first).Worker.Epoch > epoch));
        Assert.Equal((2, 0), (View.Counts.Joined(WorkerOrigin.Api), View.Counts.Left(WorkerOrigin.Api)));

        SendAccepted(new Drain(second));
        AwaitAssert(() => Assert.Single(Current.Workers));
        SendAccepted(new Remove(first));

        Assert.Equal((2, 2), (View.Counts.Joined(WorkerOrigin.Api), View.Counts.Left(WorkerOrigin.Api)));
        Assert.Equal(0, View.Counts.Joined(WorkerOrigin.File));
        Assert.True(View.Counts.Publishing > TimeSpan.Zero);
    }

    [Fact]
    public void Edits_of_a_draining_worker_and_registrations_on_its_url_are_refused()
    {
        var id = Register("http://a:1", "m").Id;
        Assert.True(WorkerLease.TryAcquire(Entry(id).Worker, out var lease));
        SendAccepted(new Drain(id));
        Assert.Equal(Refusal.Draining, SendRefused(new Update(id, new WorkerPatch { Priority = 1 })).Refusal);
        Assert.Equal(Refusal.Draining, SendRefused(new Register(Make.Spec("http://a:1", "m"), WorkerOrigin.Api)).Refusal);
        Assert.False(SendAccepted(new Drain(id)).Changed);
        lease.Release(AttemptOutcome.Cancelled);
    }

    [Fact]
    public void A_report_of_an_older_epoch_changes_nothing()
    {
        var id = Register("http://a:1", "m").Id;
        var old = Entry(id).Worker.Epoch;
        SendAccepted(new Replace(id, Make.Spec("http://a:1", "n")));
        var snapshot = Current;
        IReport[] reports =
        [
            new BecameReady(id, old, Make.Facts("m")),
            new BecameNotReady(id, old, "late"),
            new StillPending(id, old, "late"),
            new Unreachable(id, old, "late"),
            new Failed(id, old, "late"),
            new Reborn(id, old),
            new Drained(id, old),
        ];
        foreach (var report in reports)
            Registry.Tell(report);
        Assert.Same(snapshot, Current);
    }

    [Fact]
    public void A_burst_that_waits_in_the_mailbox_is_published_at_once()
    {
        // The first publication is answered from within the registry, so that all others are waiting by then.
        var registry = Sys.ActorOf(
            RegistryActor.Props(NewPublisher(out var view), new RegistrySettings(), Engines, Time).WithDispatcher("akka.actor.default-dispatcher"),
            "burst");
        for (var i = 1; i <= 2000; i++)
            registry.Tell(new Register(Make.Spec($"http://w:{i}", $"m{i % 50}"), WorkerOrigin.Api), TestActor);
        for (var i = 1; i <= 2000; i++)
            ExpectMsg<Accepted>();
        Assert.Equal(2000, view.Current.Workers.Count);
        Assert.InRange(view.Current.Version, 1, 2000);
    }

    [Fact]
    public void Versions_only_grow()
    {
        var versions = new List<long> { Current.Version };
        for (var i = 1; i <= 10; i++)
        {
            Register($"http://a:{i}", "m");
            versions.Add(Current.Version);
        }

        Assert.Equal(versions.Distinct().Order(), versions);
    }

    [Fact]
    public void The_registry_survives_its_own_fault_with_state_workers_and_a_reply()
    {
        var id = Register("http://a:1", "m").Id;
        var worker = Entry(id).Worker;

        // A spec without a URL cannot come out of any parser; it stands for a bug.
        var refused = SendRefused(new Register(Make.Spec("http://b:1") with { Url = null! }, WorkerOrigin.Api));

        Assert.Equal(Refusal.Faulted, refused.Refusal);
        Assert.Same(worker, Assert.Single(ReadyFor("m")));
        Assert.NotNull(Register("http://c:1", "m"));
        Assert.Equal(2, ReadyFor("m").Length);
        Engines["http://a:1"].Answer = Make.Failed(ProbeOutcome.Unhealthy);
        Pass(TimeSpan.FromMinutes(3));
        Assert.Equal(WorkerState.NotReady, Entry(id).State);
    }

    [Fact]
    public void When_the_supervisor_is_restarted_all_workers_are_born_anew_and_become_ready()
    {
        var id = Register("http://a:1", "m").Id;
        var old = Entry(id).Worker;
        Supervisor.Tell(new WorkerSupervisorProtocol.Start(null!));
        AwaitAssert(() =>
        {
            Assert.Equal(WorkerState.Ready, Entry(id).State);
            Assert.True(Entry(id).Worker.Epoch > old.Epoch);
        });
        Assert.True(old.IsClosed);
    }

    [Fact]
    public void A_restarted_registry_knows_its_workers_and_gives_each_a_new_incarnation()
    {
        var id = Register("http://a:1", "m").Id;
        var old = Entry(id).Worker;
        ((IInternalActorRef)Registry).Restart(new InvalidOperationException("for the test"));
        AwaitAssert(() =>
        {
            Assert.Equal(WorkerState.Ready, Entry(id).State);
            Assert.True(Entry(id).Worker.Epoch > old.Epoch);
        });
        Assert.True(old.IsClosed);
        Assert.NotNull(Register("http://b:1", "m"));
    }

    [Fact]
    public void A_snapshot_is_answered_with_everything_sent_before()
    {
        Registry.Tell(new Register(Make.Spec("http://a:1", "m"), WorkerOrigin.Api), Nobody.Instance);
        Registry.Tell(new GetSnapshot(), TestActor);
        Assert.Single(ExpectMsg<RegistrySnapshot>().Workers);
    }

    private static RegistryPublisher NewPublisher(out RegistryView view)
    {
        view = RegistryView.Create(out var publisher);
        return publisher;
    }
}
