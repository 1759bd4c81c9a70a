using Akka.Actor;
using Akka.Event;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers.KvEvents;
using static Gateway.Actors.Workers.WorkerSupervisorProtocol;

namespace Gateway.Actors.Workers;

/// <summary>
/// Parent of every <see cref="WorkerActor"/>. It passes their reports on to the registry. When one ends by itself its connection was
/// lost: the supervisor waits, longer each time, and then asks the registry for a new incarnation. It does so for ever.
/// </summary>
/// <remarks>
/// Supervision: a child that throws is stopped, never restarted in place, because a restarted actor would keep its old incarnation's
/// client. If the supervisor itself is restarted, its children are stopped and it tells the registry
/// <see cref="RegistryProtocol.WorkersLost"/>, which has all workers born anew.
/// </remarks>
internal sealed class WorkerSupervisor : ReceiveActor, IWithTimers
{
    /// <summary>How often suspicions of the request path are looked for.</summary>
    public static readonly TimeSpan SuspicionScanInterval = TimeSpan.FromMilliseconds(100);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<WorkerId, Ward> _wards = [];
    private readonly Dictionary<IActorRef, WorkerId> _idByActor = [];
    private readonly HealthSettings _health;
    private readonly IEngineConnector _connector;
    private readonly LoadMonitor _loads;
    private readonly KvFeeds _kvFeeds;
    private readonly FleetCounts _counts;
    private readonly TimeProvider _time;
    private readonly Random _random;

    public WorkerSupervisor(
        RegistrySettings settings, IEngineConnector connector, RegistryView view, TimeProvider time, Random random)
    {
        _health = settings.Health;
        _connector = connector;
        _loads = new LoadMonitor(view, settings.Routing.LoadMonitorInterval, time);
        _kvFeeds = new KvFeeds(view, time);
        _counts = view.Counts;
        _time = time;
        _random = random;

        Receive<Start>(start => OnStart(start.Worker));
        Receive<Stop>(OnStop);
        Receive<Drain>(OnDrain);
        Receive<Retune>(OnRetune);
        Receive<RegistryProtocol.BecameReady>(OnBecameReady);
        Receive<RegistryProtocol.Failed>(OnFailed);
        Receive<RegistryProtocol.IReport>(report => Context.Parent.Tell(report));
        Receive<Terminated>(terminated => OnTerminated(terminated.ActorRef));
        Receive<Rebirth>(OnRebirth);
        Receive<Forget>(OnForget);
        Receive<ScanForSuspicion>(_ => OnScanForSuspicion());
    }

    /// <summary>Set by Akka.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(RegistrySettings settings, IEngineConnector connector, RegistryView view, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new WorkerSupervisor(settings, connector, view, time, Random.Shared));

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(nameof(ScanForSuspicion), ScanForSuspicion.Instance, SuspicionScanInterval);

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Context.Parent.Tell(new RegistryProtocol.WorkersLost());
    }

    /// <summary>A lost connection is an everyday event with a line of its own in the log; anything else is logged as the error it is.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        maxNrOfRetries: -1,
        withinTimeMilliseconds: -1,
        exception =>
        {
            if (exception is not ConnectionLostException)
                _log.Error(exception, "A worker's actor failed");
            return Directive.Stop;
        },
        loggingEnabled: false);

    private void OnStart(Worker worker)
    {
        var losses = _wards.TryGetValue(worker.Id, out var predecessor) ? predecessor.Losses : 0;
        if (predecessor is not null)
            Release(predecessor);
        var actor = Context.Watch(Context.ActorOf(
            WorkerActor.Props(worker, _health, _connector, _loads, _kvFeeds, _counts, _random),
            $"{worker.Id}-{worker.Epoch}"));
        _wards[worker.Id] = new Ward(worker, actor, losses, ReadySince: null, Reason: null);
        _idByActor[actor] = worker.Id;
    }

    private void OnStop(Stop stop)
    {
        if (!_wards.TryGetValue(stop.Id, out var ward) || ward.Worker.Epoch != stop.Epoch)
            return;
        Release(ward);
        // The count of losses is kept for the next incarnation, if there is one: Start follows Stop at once then.
        _wards[stop.Id] = ward with { Actor = null };
        Self.Tell(new Forget(stop.Id, stop.Epoch));
    }

    private void OnForget(Forget forget)
    {
        if (_wards.TryGetValue(forget.Id, out var ward) && ward.Worker.Epoch == forget.Epoch)
            _wards.Remove(forget.Id);
    }

    private void OnDrain(Drain drain)
    {
        if (_wards.TryGetValue(drain.Worker.Id, out var ward) && ward.Worker.Epoch == drain.Worker.Epoch && ward.Actor is { } actor)
            actor.Tell(new WorkerProtocol.Drain(drain.Worker, drain.Deadline));
        else
            Context.Parent.Tell(new RegistryProtocol.Drained(drain.Worker.Id, drain.Worker.Epoch));
    }

    private void OnRetune(Retune retune)
    {
        if (!_wards.TryGetValue(retune.Worker.Id, out var ward) || ward.Worker.Epoch != retune.Worker.Epoch)
            return;
        _wards[retune.Worker.Id] = ward with { Worker = retune.Worker };
        ward.Actor?.Tell(new WorkerProtocol.Retune(retune.Worker));
    }

    private void OnBecameReady(RegistryProtocol.BecameReady ready)
    {
        if (_wards.TryGetValue(ready.Id, out var ward) && ward.Worker.Epoch == ready.Epoch)
        {
            if (ward.ReadySince is null)
                _log.Info("{0} is ready", ward.Worker);
            _wards[ready.Id] = ward with { ReadySince = ward.ReadySince ?? _time.GetTimestamp() };
        }

        Context.Parent.Tell(ready);
    }

    private void OnFailed(RegistryProtocol.Failed failed)
    {
        if (_wards.TryGetValue(failed.Id, out var ward) && ward.Worker.Epoch == failed.Epoch)
            _wards[failed.Id] = ward with { Reason = failed.Reason };
        Context.Parent.Tell(failed);
    }

    private void OnTerminated(IActorRef actor)
    {
        if (!_idByActor.Remove(actor, out var id) || !_wards.TryGetValue(id, out var ward) || !actor.Equals(ward.Actor))
            return;
        var settings = _health.With(ward.Worker.Spec.Health);
        var losses = WasReadyForLong(ward, settings) ? 1 : ward.Losses + 1;
        var delay = Backoff.Jitter(Backoff.Delay(settings.RetryBackoff, settings.MaxRetryBackoff, losses - 1), _random);
        var reason = ward.Reason ?? "its actor failed";
        _log.Warning("{0} failed: {1}; trying anew in {2:F1} s", ward.Worker, reason, delay.TotalSeconds);
        _wards[id] = ward with { Actor = null, Losses = losses };
        Context.Parent.Tell(new RegistryProtocol.Failed(id, ward.Worker.Epoch, reason));
        Timers.StartSingleTimer(id, new Rebirth(id, ward.Worker.Epoch), delay);
    }

    /// <summary>A worker that held out longer than the longest backoff starts again with the shortest.</summary>
    private bool WasReadyForLong(Ward ward, HealthSettings settings) =>
        ward.ReadySince is { } since && _time.GetElapsedTime(since) > settings.MaxRetryBackoff;

    /// <summary>Asks again until a Start or Stop cancels the timer, should the registry have failed on the question.</summary>
    private void OnRebirth(Rebirth rebirth)
    {
        Context.Parent.Tell(new RegistryProtocol.Reborn(rebirth.Id, rebirth.Epoch));
        Timers.StartSingleTimer(rebirth.Id, rebirth, _health.MaxRetryBackoff);
    }

    private void OnScanForSuspicion()
    {
        foreach (var ward in _wards.Values)
        {
            if (ward.Worker.ConsumeSuspicion())
                ward.Actor?.Tell(WorkerProtocol.ProbeNow.Instance);
            if (ward.Worker.ConsumeStaleness())
                ward.Actor?.Tell(WorkerProtocol.AskAgain.Instance);
        }
    }

    private void Release(Ward ward)
    {
        Timers.Cancel(ward.Worker.Id);
        if (ward.Actor is { } actor && _idByActor.Remove(actor))
            Context.Stop(Context.Unwatch(actor));
    }

    /// <param name="Worker">The incarnation.</param>
    /// <param name="Actor">Null while it waits for its next incarnation.</param>
    /// <param name="Losses">Connections lost one shortly after the other.</param>
    /// <param name="ReadySince">Timestamp of the first time it was ready.</param>
    /// <param name="Reason">Why its actor is about to end.</param>
    private sealed record Ward(Worker Worker, IActorRef? Actor, int Losses, long? ReadySince, string? Reason);

    private sealed record Rebirth(WorkerId Id, long Epoch);

    /// <summary>Follows a Stop: if no Start came with it, the worker was removed.</summary>
    private sealed record Forget(WorkerId Id, long Epoch);

    private sealed record ScanForSuspicion
    {
        public static ScanForSuspicion Instance { get; } = new();
    }
}
