using Akka.Actor;
using Akka.Event;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using static Gateway.Actors.Discovery.Leases.LeaseProtocol;

namespace Gateway.Actors.Discovery.Leases;

/// <summary>
/// Drains workers that registered themselves with a lease and have not renewed it. A worker that goes by other means, or begins to drain,
/// loses its lease with that.
/// </summary>
/// <remarks>
/// Supervision: it has no children. Its state is what it publishes in <see cref="LeaseView"/>, so a restart goes on with the same leases and
/// the time that is left of them.
/// </remarks>
public sealed class LeaseActor : ReceiveActor, IWithTimers
{
    /// <summary>When the registry is told again that a worker is to be drained, should it have failed.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<WorkerId> _present = [];
    private readonly IActorRef _registry;
    private readonly RegistryView _fleet;
    private readonly LeaseView _leases;
    private readonly TimeProvider _time;

    // Public because Akka makes actors with public constructors only.
    public LeaseActor(IActorRef registry, RegistryView fleet, LeaseView leases, TimeProvider time)
    {
        _registry = registry;
        _fleet = fleet;
        _leases = leases;
        _time = time;
        Receive<Grant>(grant => Sender.Tell(Keep(grant.Id, grant.Duration, grant.Told, grant.IsHeard)));
        Receive<Renew>(renew => Sender.Tell(_leases.Find(renew.Id) is { } lease
            ? Keep(renew.Id, renew.Duration ?? lease.Duration, lease.Told, renew.IsHeard)
            : new NotLeased(renew.Id)));
        Receive<Forget>(forget =>
        {
            Drop(forget.Id);
            Sender.Tell(new NotLeased(forget.Id));
        });
        Receive<Expired>(expired => Expire(expired.Id));
        Receive<FleetChanged>(_ => FollowFleet());
        Receive<RegistryProtocol.Accepted>(static _ => { });
        Receive<RegistryProtocol.Refused>(static _ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="registry">The RegistryActor.</param>
    /// <param name="fleet">The registry's view.</param>
    /// <param name="leases">Where to publish the leases.</param>
    /// <param name="time">Tells when they expire.</param>
    public static Props Props(IActorRef registry, RegistryView fleet, LeaseView leases, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new LeaseActor(registry, fleet, leases, time));

    protected override void PreStart()
    {
        foreach (var (id, lease) in _leases.Current)
        {
            var left = lease.Expires - _time.GetUtcNow();
            Timers.StartSingleTimer(id, new Expired(id), left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        FollowFleet();
    }

    private Leased Keep(WorkerId id, TimeSpan duration, WorkerSpec told, bool isHeard)
    {
        var lease = new RegistrationLease(duration, _time.GetUtcNow() + duration, told, isHeard);
        _leases.Current = _leases.Current.SetItem(id, lease);
        if (_fleet.Current.Workers.ContainsKey(id))
            _present.Add(id);
        // It replaces the one that was set with the last renewal.
        Timers.StartSingleTimer(id, new Expired(id), duration);
        return new Leased(id, lease);
    }

    private void Drop(WorkerId id)
    {
        _leases.Current = _leases.Current.Remove(id);
        _present.Remove(id);
        Timers.Cancel(id);
    }

    /// <summary>The lease goes when the fleet shows that the worker does.</summary>
    private void Expire(WorkerId id)
    {
        if (_leases.Find(id) is not { } lease)
            return;
        if (!_fleet.Current.Workers.TryGetValue(id, out var entry) || !IsLeasable(entry))
        {
            Drop(id);
            return;
        }

        _log.Warning("{0} has not renewed its lease of {1} s and is drained", entry.Worker.Spec.Url, lease.Duration.TotalSeconds);
        _registry.Tell(new RegistryProtocol.Drain(id, Reason: $"it has not renewed its lease of {lease.Duration.TotalSeconds} s"));
        Timers.StartSingleTimer(id, new Expired(id), RetryDelay);
    }

    /// <summary>A worker that was never seen may still be on its way here; one that was, and is no more, is gone.</summary>
    private void FollowFleet()
    {
        var fleet = _fleet.Current;
        foreach (var id in _leases.Current.Keys)
        {
            if (fleet.Workers.TryGetValue(id, out var entry) && IsLeasable(entry))
                _present.Add(id);
            else if (entry is not null || _present.Contains(id))
                Drop(id);
        }

        _fleet.NextAfter(fleet).PipeTo(Self, success: static () => FleetChanged.Instance);
    }

    /// <summary>Workers of other origins are looked after by others.</summary>
    private static bool IsLeasable(WorkerEntry entry) => entry is { Origin: WorkerOrigin.Api, State: not WorkerState.Draining };

    private sealed record Expired(WorkerId Id);

    private sealed record FleetChanged
    {
        public static FleetChanged Instance { get; } = new();
    }
}
