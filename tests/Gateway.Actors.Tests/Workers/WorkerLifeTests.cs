using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Workers;

/// <summary>A worker's life, from its registration through failure and rebirth, in virtual time.</summary>
public sealed class WorkerLifeTests() : FleetTestKit(settings: new RegistrySettings { Health = Health })
{
    private const string Url = "http://a:1";

    private static readonly HealthSettings Health = new() { Interval = TimeSpan.FromSeconds(10) };

    /// <summary>Longer than the interval with its jitter.</summary>
    private static readonly TimeSpan Interval = Health.Interval * 1.3;

    private FakeEngine Engine => Engines[Url];

    [Fact]
    public void A_healthy_worker_is_probed_about_once_an_interval()
    {
        Register(Url, "m");
        Pass(Health.Interval * 100);
        Assert.InRange(Engine.Probes, 80, 125);
    }

    [Fact]
    public void A_worker_that_becomes_ready_is_spared_at_first_however_long_it_was_loading()
    {
        Engine.Answer = Make.Failed(ProbeOutcome.Unhealthy);
        var id = Register(Url, "m").Id;
        Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(0, Entry(id).Worker.EffectiveLoad);
        Engine.Answer = Make.Healthy("m");
        while (Entry(id).State != WorkerState.Ready)
            Advance(TimeSpan.FromMilliseconds(100));
        Assert.NotEqual(0, Entry(id).Worker.EffectiveLoad);
        Pass(BreakerSettings.Default.SlowStart);
        Assert.Equal(0, Entry(id).Worker.EffectiveLoad);
    }

    [Fact]
    public void An_engine_that_is_loading_keeps_the_worker_pending_with_the_reason()
    {
        Engine.Answer = ProbeResult.Failed(ProbeOutcome.Unhealthy, "/health answered 503");
        var id = Register(Url, "m").Id;
        Pass(TimeSpan.FromMinutes(30));
        Assert.Equal((WorkerState.Pending, "/health answered 503"), (Entry(id).State, Entry(id).Reason));
        Engine.Answer = Make.Healthy("m");
        Pass(Health.MaxRetryBackoff * 1.3);
        Assert.Equal(WorkerState.Ready, Entry(id).State);
    }

    [Fact]
    public void A_worker_that_cannot_be_reached_is_failed_and_tried_for_ever()
    {
        Engine.Answer = Make.Failed(ProbeOutcome.Unreachable);
        var id = Register(Url, "m").Id;
        Pass(TimeSpan.FromHours(1));
        Assert.Equal(WorkerState.Failed, Entry(id).State);
        var epoch = Entry(id).Worker.Epoch;
        var connections = Engine.Connections;
        Pass(TimeSpan.FromMinutes(5));
        Assert.InRange(Engine.Connections - connections, 8, 13);
        Engine.Answer = Make.Healthy("m");
        Pass(Health.MaxRetryBackoff * 1.3);
        Assert.Equal((WorkerState.Ready, epoch), (Entry(id).State, Entry(id).Worker.Epoch));
    }

    [Fact]
    public void Bad_answers_below_the_threshold_leave_it_ready()
    {
        var id = Register(Url, "m").Id;
        Engine.Answer = Make.Failed(ProbeOutcome.Unhealthy);
        while (Engine.Probes < Health.FailureThreshold - 1)
            Advance(TimeSpan.FromMilliseconds(100));
        Engine.Answer = Make.Healthy("m");
        Pass(Interval);
        Assert.Equal(WorkerState.Ready, Entry(id).State);
        Assert.Equal("", Entry(id).Reason);
    }

    [Fact]
    public void An_unhealthy_worker_is_not_ready_and_returns_as_the_same_incarnation()
    {
        var id = Register(Url, "m").Id;
        var epoch = Entry(id).Worker.Epoch;
        Engine.Answer = Make.Failed(ProbeOutcome.Unhealthy);
        Pass(TimeSpan.FromMinutes(20));
        Assert.Equal((WorkerState.NotReady, epoch), (Entry(id).State, Entry(id).Worker.Epoch));
        Assert.Empty(ReadyFor("m"));
        Engine.Answer = Make.Healthy("m");
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal((WorkerState.Ready, epoch), (Entry(id).State, Entry(id).Worker.Epoch));
    }

    [Fact]
    public void A_lost_connection_ends_the_incarnation_and_a_new_one_takes_its_place()
    {
        var id = Register(Url, "m").Id;
        var old = Entry(id).Worker;
        Assert.True(WorkerLease.TryAcquire(old, out var running));
        Engine.Answer = Make.Failed(ProbeOutcome.Unreachable);
        Pass(TimeSpan.FromMinutes(2));
        Assert.Empty(ReadyFor("m"));
        Assert.False(WorkerLease.TryAcquire(old, out _));
        Assert.NotNull(Current.FindModel("m"u8));

        Engine.Answer = Make.Healthy("m");
        Pass(TimeSpan.FromMinutes(1));

        var young = Assert.Single(ReadyFor("m"));
        Assert.Equal(id, young.Id);
        Assert.True(young.Epoch > old.Epoch);
        Assert.NotSame(old.Client, young.Client);
        Assert.Equal((1, 0), (old.Load, young.Load));
        Assert.False(((FakeClient)old.Client!).IsDisposed);
        running.Release(AttemptOutcome.Failure);
        AwaitAssert(() => Assert.True(((FakeClient)old.Client!).IsDisposed));
        Assert.False(((FakeClient)young.Client!).IsDisposed);
    }

    [Fact]
    public void A_suspicion_of_the_request_path_and_one_refused_probe_are_enough()
    {
        var id = Register(Url, "m").Id;
        Engine.Answer = Make.Failed(ProbeOutcome.Unreachable);
        Entry(id).Worker.Suspect();
        Pass(TimeSpan.FromMilliseconds(300));
        Assert.Equal(1, Engine.Probes);
        Assert.Equal(WorkerState.Failed, Entry(id).State);
    }

    [Fact]
    public void A_suspicion_that_the_probe_does_not_confirm_changes_nothing()
    {
        var id = Register(Url, "m").Id;
        var before = Entry(id);
        before.Worker.Suspect();
        Pass(TimeSpan.FromMilliseconds(300));
        Assert.Equal(1, Engine.Probes);
        Assert.Same(before, Entry(id));
    }

    [Fact]
    public void Silence_makes_it_not_ready_and_lasting_silence_ends_the_incarnation()
    {
        var id = Register(Url, "m").Id;
        var epoch = Entry(id).Worker.Epoch;
        Engine.Answer = Make.Failed(ProbeOutcome.Silent);
        while (Entry(id).State == WorkerState.Ready)
            Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(WorkerState.NotReady, Entry(id).State);
        Assert.Equal(Health.FailureThreshold, Engine.Probes);
        Pass(TimeSpan.FromMinutes(5));
        Assert.True(Entry(id).Worker.Epoch > epoch);
    }

    [Fact]
    public void A_worker_that_keeps_failing_is_tried_at_growing_distances_up_to_the_cap()
    {
        var id = Register(Url, "m").Id;
        // Connects, and is gone at the next look: each time a new incarnation.
        var births = new List<TimeSpan>();
        var passed = TimeSpan.Zero;
        var epoch = Entry(id).Worker.Epoch;
        while (passed < TimeSpan.FromMinutes(30))
        {
            Engine.Answer = Entry(id).State == WorkerState.Ready ? Make.Failed(ProbeOutcome.Unreachable) : Make.Healthy("m");
            Entry(id).Worker.Suspect();
            Advance(TimeSpan.FromMilliseconds(100));
            passed += TimeSpan.FromMilliseconds(100);
            if (Entry(id).Worker.Epoch == epoch)
                continue;
            epoch = Entry(id).Worker.Epoch;
            births.Add(passed);
        }

        var gaps = births.Zip(births.Skip(1), static (left, right) => right - left).ToArray();
        Assert.True(gaps[0] < TimeSpan.FromSeconds(4));
        Assert.All(gaps, gap => Assert.True(gap <= (Health.MaxRetryBackoff * 1.2) + TimeSpan.FromSeconds(1)));
        Assert.All(gaps[^5..], gap => Assert.True(gap >= Health.MaxRetryBackoff * 0.8));
    }

    [Fact]
    public void An_engine_that_now_serves_another_model_is_listed_under_that()
    {
        var id = Register(Url).Id;
        Assert.Single(ReadyFor("m"));
        Engine.Answer = Make.Healthy("n");
        Pass(Interval);
        Assert.Equal("n", Entry(id).Worker.Models[0].Id);
        Assert.Single(ReadyFor("n"));
        Assert.Null(Current.FindModel("m"u8));
    }

    [Fact]
    public void An_engine_that_does_not_say_what_it_serves_is_asked_until_it_does()
    {
        Engine.Answer = Make.Healthy();
        var id = Register(Url).Id;
        Pass(TimeSpan.FromHours(1));
        Assert.Equal(WorkerState.Pending, Entry(id).State);

        Engine.Answer = Make.Healthy("m");
        Pass(Interval);

        Assert.Single(ReadyFor("m"));
    }

    [Fact]
    public void After_a_reconnect_a_worker_serves_what_the_engine_says_then()
    {
        var id = Register(Url).Id;
        Engine.Answer = Make.Failed(ProbeOutcome.Unreachable);
        Entry(id).Worker.Suspect();
        Pass(TimeSpan.FromSeconds(1));
        Assert.Empty(ReadyFor("m"));

        Engine.Answer = Make.Healthy("n");
        Pass(TimeSpan.FromSeconds(5));

        Assert.Single(ReadyFor("n"));
        Assert.Null(Current.FindModel("m"u8));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_worker_that_says_that_it_has_changed_is_asked_at_once_also_if_it_is_not_probed(bool isUnprobed)
    {
        var id = Register(Make.Spec(Url) with { Health = new HealthOverrides { Disabled = isUnprobed } }).Id;
        var epoch = Entry(id).Worker.Epoch;
        Engine.Answer = Make.Healthy("m", "adapter");

        Entry(id).Worker.Refresh();
        Advance(WorkerSupervisor.SuspicionScanInterval);

        Assert.Single(ReadyFor("adapter"));
        Assert.Equal((1, epoch), (Engine.Probes, Entry(id).Worker.Epoch));
    }

    [Fact]
    public void A_change_during_a_probe_is_asked_about_once_more()
    {
        var id = Register(Url).Id;
        Engine.IsSlow = true;
        Pass(Interval);
        Assert.Equal(1, Engine.Waiting);

        Entry(id).Worker.Refresh();
        Advance(WorkerSupervisor.SuspicionScanInterval);
        Engine.LetAnswer(Make.Healthy("m"));
        Engine.Answer = Make.Healthy("n");
        Engine.IsSlow = false;
        Advance(TimeSpan.FromMilliseconds(1));

        Assert.Single(ReadyFor("n"));
    }

    [Fact]
    public void An_unprobed_worker_that_does_not_answer_when_it_is_asked_again_stays_as_it_was()
    {
        var id = Register(Make.Spec(Url) with { Health = new HealthOverrides { Disabled = true } }).Id;
        Engine.Answer = Make.Failed(ProbeOutcome.Unreachable);

        for (var i = 0; i < 10; i++)
        {
            Entry(id).Worker.Refresh();
            Advance(WorkerSupervisor.SuspicionScanInterval);
        }

        Assert.Single(ReadyFor("m"));
    }

    [Fact]
    public void Probing_can_be_turned_off_for_a_worker()
    {
        Register(Make.Spec(Url, "m") with { Health = new HealthOverrides { Disabled = true } });
        Pass(TimeSpan.FromHours(1));
        Assert.Equal(0, Engine.Probes);
        Assert.Single(ReadyFor("m"));
    }

    [Fact]
    public void An_edit_of_the_interval_takes_effect_at_once()
    {
        var id = Register(Url, "m").Id;
        SendAccepted(new RegistryProtocol.Update(id, new WorkerPatch { Health = new HealthOverrides { Interval = TimeSpan.FromSeconds(1) } }));
        Pass(TimeSpan.FromSeconds(100));
        Assert.InRange(Engine.Probes, 75, 130);
    }

    [Fact]
    public void A_probe_that_answers_after_the_worker_was_removed_changes_nothing()
    {
        Engine.IsSlow = true;
        var id = Register(Url, "m").Id;
        SendAccepted(new RegistryProtocol.Remove(id));
        var snapshot = Current;
        Assert.True(Engine.LetAnswer());
        Assert.Same(snapshot, Current);
        AwaitAssert(() => Assert.All(Engines.Clients, static client => Assert.True(client.IsDisposed)));
        Assert.Single(Engines.Clients);
    }

    [Fact]
    public void When_a_workers_actor_fails_for_another_reason_the_worker_is_born_anew()
    {
        var id = Register(Url, "m").Id;
        var old = Entry(id).Worker;
        Sys.ActorSelection($"/user/registry/workers/{id}-{old.Epoch}").Tell(new WorkerProtocol.Retune(null!));
        AwaitAssert(() => Assert.Equal(WorkerState.Failed, Entry(id).State));
        Pass(TimeSpan.FromSeconds(3));
        AwaitAssert(() => Assert.Equal(WorkerState.Ready, Entry(id).State));
        Assert.True(Entry(id).Worker.Epoch > old.Epoch);
    }

    [Fact]
    public void A_thousand_workers_are_not_probed_in_the_same_tenth_of_a_second()
    {
        for (var i = 1; i <= 1000; i++)
            Register($"http://w:{i}", "m");
        int Probes() => Enumerable.Range(1, 1000).Sum(i => Engines[$"http://w:{i}"].Probes);
        var most = 0;
        for (var step = 0; step < 130; step++)
        {
            var before = Probes();
            Advance(TimeSpan.FromMilliseconds(100));
            most = Math.Max(most, Probes() - before);
        }

        Assert.InRange(most, 1, 120);
    }
}
