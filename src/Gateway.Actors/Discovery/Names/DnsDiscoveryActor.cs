using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Discovery.Names;

/// <summary>
/// Follows DNS names: each address of a name is a worker. An address that two answers in a row do not have is drained. A question that
/// fails, or whose answer has no address, leaves the fleet as it is.
/// </summary>
/// <remarks>
/// <see cref="NameResolver"/> asks, <see cref="NameHistory"/> knows what was answered, <see cref="SourceReconciliation"/> decides; this only
/// keeps the time and carries messages. What operators do to a worker holds for as long as its name has its address. Supervision: under a
/// <see cref="BackoffSupervisor"/> (<see cref="SupervisedProps"/>); a new start compares the answers with the fleet as it is, so nothing is
/// registered twice; what it has not seen itself it drains only when each name has been answered for twice.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "An actor disposes in PostStop.")]
public sealed class DnsDiscoveryActor : ReceiveActor, IWithTimers
{
    private static readonly ImmutableDictionary<string, WorkerSpec> NothingFollowed =
        ImmutableDictionary.Create<string, WorkerSpec>(StringComparer.Ordinal);

    /// <summary>An answer of the registry may be lost with the registry.</summary>
    private static readonly TimeSpan RegistryPatience = TimeSpan.FromSeconds(10);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _logged = new(StringComparer.Ordinal);
    private readonly HashSet<WorkerName> _unknown = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly IActorRef _registry;
    private readonly DnsDiscoverySettings _settings;
    private readonly Func<WorkerName, CancellationToken, Task<NameAnswer>> _resolve;
    private readonly NameHistory[] _histories;
    private readonly int[] _failures;
    private ImmutableDictionary<string, WorkerSpec> _followed = NothingFollowed;
    private bool _isAsking;
    private bool _isBehind;
    private bool _isConfirming;

    // Public because Akka makes actors with public constructors only.
    public DnsDiscoveryActor(IActorRef registry, DnsDiscoverySettings settings)
    {
        _registry = registry;
        _settings = settings;
        _resolve = settings.Resolve ?? new NameResolver(settings.Servers).ResolveAsync;
        _histories = new NameHistory[settings.Workers.Count];
        Array.Fill(_histories, NameHistory.Empty);
        _failures = new int[settings.Workers.Count];
        Receive<Look>(look => StartLooking(look.Index));
        Receive<Seen>(Follow);
        Receive<NotSeen>(KeepWhatWas);
        Receive<RegistrySnapshot>(BringInLine);
        Receive<Unanswered>(_ =>
        {
            _isAsking = false;
            Ask();
        });
        Receive<Accepted>(static _ => { });
        // By somebody else's doing in the meantime, or for the moment; the next answer looks again.
        Receive<Refused>(refused => WarnOnce($"a worker was refused and will be tried again: {refused.Message}"));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="registry">The RegistryActor.</param>
    /// <param name="settings">What to follow.</param>
    public static Props SupervisedProps(IActorRef registry, DnsDiscoverySettings settings) =>
        DiscoverySupervision.Supervise(Props(registry, settings), "names");

    internal static Props Props(IActorRef registry, DnsDiscoverySettings settings) =>
        Akka.Actor.Props.Create(() => new DnsDiscoveryActor(registry, settings));

    protected override void PreStart()
    {
        for (var index = 0; index < _histories.Length; index++)
            StartLooking(index);
    }

    protected override void PostStop()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <summary>The next look comes after the answer to this one, or its failure: there is never more than one for a name.</summary>
    private void StartLooking(int index) => _resolve(_settings.Workers[index].Name, _stop.Token).PipeTo(
        Self,
        success: answer => new Seen(index, answer),
        failure: cause => new NotSeen(index, cause.GetBaseException().Message));

    private void Follow(Seen seen)
    {
        _settings.Lookups.Answer();
        var named = _settings.Workers[seen.Index];
        if (_unknown.Remove(named.Name))
            _log.Info("{0}: resolves again", named.Name);
        _failures[seen.Index] = 0;
        _histories[seen.Index] = _histories[seen.Index].After(named.At(seen.Answer));
        LookAgain(seen.Index, Within(seen.Answer.TimeToLive));
        Ask();
    }

    private void KeepWhatWas(NotSeen failure)
    {
        _settings.Lookups.Fail();
        var name = _settings.Workers[failure.Index].Name;
        if (_unknown.Add(name))
            _log.Warning("{0}: its workers are kept as they are: {1}", name, failure.Reason);
        LookAgain(failure.Index, Workers.Backoff.Delay(DnsDiscoverySettings.ShortestWait, Longest, _failures[failure.Index]++));
    }

    private TimeSpan Longest => _settings.Interval > DnsDiscoverySettings.ShortestWait ? _settings.Interval : DnsDiscoverySettings.ShortestWait;

    private TimeSpan Within(TimeSpan timeToLive) =>
        TimeSpan.FromTicks(Math.Clamp(timeToLive.Ticks, DnsDiscoverySettings.ShortestWait.Ticks, Longest.Ticks));

    private void LookAgain(int index, TimeSpan delay) => Timers.StartSingleTimer(index, new Look(index), delay);

    /// <summary>The snapshot that comes back contains what was commanded before, so nothing is commanded twice.</summary>
    private void Ask()
    {
        _isBehind = _isAsking;
        if (_isAsking)
            return;
        _isAsking = true;
        _registry.Tell(new GetSnapshot());
        Timers.StartSingleTimer(nameof(Unanswered), Unanswered.Instance, RegistryPatience);
    }

    private void BringInLine(RegistrySnapshot snapshot)
    {
        var isConfirmation = _isConfirming;
        _isAsking = false;
        _isConfirming = false;
        Timers.Cancel(nameof(Unanswered));
        var listed = Listed();
        _followed = StillFollowed(snapshot, listed);
        var reconciliation = SourceReconciliation.Between(
            snapshot,
            listed.Values.Where(spec => _followed.GetValueOrDefault(spec.Url.Place) != spec),
            MayStay(snapshot, listed),
            SourceTerms.Names);
        if (!isConfirmation)
            CarryOut(reconciliation);
        // Once more, to see what has come of the commands. One that was refused then waits for the next answer.
        _isConfirming = !isConfirmation && !_isBehind && reconciliation.Commands.Count > 0;
        if (_isBehind || _isConfirming)
            Ask();
    }

    private void CarryOut(SourceReconciliation reconciliation)
    {
        foreach (var entry in reconciliation.Foreign)
            WarnOnce($"{entry.Worker.Spec.Url} is registered by other means ({entry.Origin}) and left as it is");
        foreach (var command in reconciliation.Commands)
            _registry.Tell(command);
    }

    /// <summary>By place, the workers of the last answers.</summary>
    private Dictionary<string, WorkerSpec> Listed()
    {
        var listed = new Dictionary<string, WorkerSpec>(StringComparer.Ordinal);
        foreach (var history in _histories)
        {
            foreach (var spec in history.Latest)
                listed.TryAdd(spec.Url.Place, spec);
        }

        return listed;
    }

    /// <summary>
    /// What the registry has, or had until an operator took it away, of what is listed. A worker that is being drained because its name
    /// lost its address is not followed: it comes back with the address.
    /// </summary>
    private ImmutableDictionary<string, WorkerSpec> StillFollowed(RegistrySnapshot snapshot, Dictionary<string, WorkerSpec> listed)
    {
        var followed = NothingFollowed.ToBuilder();
        foreach (var (place, spec) in _followed)
        {
            if (listed.ContainsKey(place))
                followed[place] = spec;
        }

        foreach (var entry in snapshot.Workers.Values)
        {
            var spec = entry.Worker.Spec;
            var isLeaving = entry.State == WorkerState.Draining && entry.Reason == SourceTerms.Names.DrainReason;
            if (entry.Origin != WorkerOrigin.Dns || !listed.TryGetValue(spec.Url.Place, out var wanted))
                continue;
            if (isLeaving)
                followed.Remove(spec.Url.Place);
            else if (!spec.NeedsNewIncarnation(wanted))
                followed[spec.Url.Place] = wanted;
        }

        return followed.ToImmutable();
    }

    /// <summary>
    /// True of a place that is in one of the last two answers about some name. One that was in no answer so far, from before a new
    /// start, may still be in one of those that are missing.
    /// </summary>
    private Predicate<string> MayStay(RegistrySnapshot snapshot, Dictionary<string, WorkerSpec> listed)
    {
        var recent = _histories.SelectMany(static history => history.Previous).Select(static spec => spec.Url.Place).ToHashSet(StringComparer.Ordinal);
        recent.UnionWith(listed.Keys);
        // Addresses come and go for years: only what may be asked about is kept.
        _seen.IntersectWith(snapshot.Workers.Values.Select(static entry => entry.Worker.Spec.Url.Place));
        _seen.UnionWith(recent);
        var isComplete = Array.TrueForAll(_histories, static history => history.IsComplete);
        return place => recent.Contains(place) || !(isComplete || _seen.Contains(place));
    }

    private void WarnOnce(string message)
    {
        if (_logged.Add(message))
            _log.Warning("Names of workers: {0}", message);
    }

    private sealed record Look(int Index);

    private sealed record Unanswered
    {
        public static Unanswered Instance { get; } = new();
    }

    private sealed record Seen(int Index, NameAnswer Answer);

    private sealed record NotSeen(int Index, string Reason);
}
