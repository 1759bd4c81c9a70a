using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Gateway.Actors.Discovery;
using Gateway.Actors.Discovery.Leases;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registrations.RegistrationProtocol;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Registrations;

/// <summary>
/// Keeps what operators and engines register through the API: in a file over a restart, and, with whoever follows it, at all gateways.
/// What it hears of others is a hint: it asks the registry to register the worker, which then probes it as any other. A worker is taken
/// away only for a removal that was written down, never because somebody does not list it.
/// </summary>
/// <remarks>
/// It compares what is registered with a snapshot that the registry makes after everything it has told so far, so that an edit which is
/// under way is never taken for a difference; and again every <see cref="LookInterval"/>, which mends whatever went wrong. Supervision:
/// under a <see cref="BackoffSupervisor"/>; a new start reads the file and hears anew from whoever follows it.
/// </remarks>
public sealed class RegistrationKeeperActor : ReceiveActor, IWithTimers, IWithStash
{
    internal static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>A burst of registrations is one write.</summary>
    internal static readonly TimeSpan SaveDelay = TimeSpan.FromMilliseconds(100);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<string, long> _carriedRemovals = new(StringComparer.Ordinal);
    private readonly HashSet<string> _logged = new(StringComparer.Ordinal);
    private readonly IActorRef _registry;
    private readonly RegistrationFile? _file;
    private readonly LeaseView _leases;
    private readonly IActorRef _lessor;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _start;
    private RegistrationMap _registrations = RegistrationMap.Empty;
    private KeptRegistrations _saved = KeptRegistrations.None;
    private IActorRef _follower = ActorRefs.Nobody;
    private bool _isLooking;
    private bool _isSaving;
    private Task _saving = Task.CompletedTask;

    // Public because Akka makes actors with public constructors only.
    public RegistrationKeeperActor(IActorRef registry, RegistrationFile? file, LeaseView leases, IActorRef lessor, TimeProvider time)
    {
        _registry = registry;
        _file = file;
        _leases = leases;
        _lessor = lessor;
        _time = time;
        _start = time.GetUtcNow();
        Receive<KeptRegistrations>(Begin);
        Receive<Status.Failure>(failure =>
        {
            BeginWithout(failure.Cause);
            Begin(KeptRegistrations.None);
        });
        ReceiveAny(_ => Stash.Stash());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    /// <param name="registry">The RegistryActor.</param>
    /// <param name="file">Null keeps nothing over a restart.</param>
    /// <param name="leases">Of workers that must renew.</param>
    /// <param name="lessor">The LeaseActor.</param>
    /// <param name="time">Clock of the registrations.</param>
    public static Props SupervisedProps(IActorRef registry, RegistrationFile? file, LeaseView leases, IActorRef lessor, TimeProvider time) =>
        DiscoverySupervision.Supervise(Props(registry, file, leases, lessor, time), Name);

    /// <summary>Its name under its supervisor.</summary>
    public const string Name = "keeper";

    internal static Props Props(IActorRef registry, RegistrationFile? file, LeaseView leases, IActorRef lessor, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new RegistrationKeeperActor(registry, file, leases, lessor, time));

    protected override void PreStart()
    {
        _registry.Tell(new KeepRegistrations());
        if (_file is { } file)
            Task.Run(file.Load).PipeTo(Self);
        else
            Self.Tell(KeptRegistrations.None);
    }

    /// <summary>What was registered a moment before the end must not be lost; nobody waits for this actor any more.</summary>
    protected override void PostStop()
    {
        if (_file is not { } file || Kept() is var kept && kept.IsSameAs(_saved) && !_isSaving)
            return;
        // They write to the same place: the older ones must not come last.
        Task.WaitAny(_saving);
        try
        {
            file.Save(kept);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _log.Error("{0}: cannot be written, the last registrations are lost: {1}", file.Path, failure.Message);
        }
    }

    private void BeginWithout(Exception failure)
    {
        if (_file is not { } file)
            return;
        if (failure is not FormatException)
        {
            _log.Error("{0}: cannot be read, earlier registrations are not known: {1}", file.Path, failure.Message);
            return;
        }

        file.PutAside();
        _log.Error("{0}: cannot be understood and was put aside as .broken; earlier registrations are not known: {1}", file.Path, failure.Message);
    }

    private void Begin(KeptRegistrations loaded)
    {
        _saved = loaded;
        _registrations = loaded.Registrations.WithoutRemovalsBefore(_start - RegistrationMap.RemovalLifetime);
        // Who was to renew has to do so from now on: it may have ended while this gateway was away.
        foreach (var registration in _registrations.ByPlace.Values)
        {
            if (registration.Spec is { } spec && loaded.Leases.TryGetValue(WorkerId.Of(registration.Url), out var duration))
                _lessor.Tell(new LeaseProtocol.Grant(WorkerId.Of(registration.Url), duration, spec));
        }

        Become(Keeping);
        Stash.UnstashAll();
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, LookInterval);
        StartLooking();
    }

    private void Keeping()
    {
        Receive<Recorded>(recorded => Write(recorded));
        Receive<Heard>(heard => Take(heard.Registrations));
        Receive<Follow>(_ =>
        {
            _follower = Sender;
            Sender.Tell(new News(_registrations));
        });
        Receive<Look>(_ =>
        {
            StartLooking();
            SaveSoon();
        });
        Receive<RegistrySnapshot>(BringInLine);
        Receive<Accepted>(static _ => { });
        Receive<LeaseProtocol.IReply>(static _ => { });
        Receive<Refused>(refused => WarnOnce($"a registered worker was refused and will be tried again: {refused.Message}"));
        Receive<Save>(_ => StartSaving());
        Receive<Saved>(saved =>
        {
            _isSaving = false;
            _saved = saved.Kept;
            SaveSoon();
        });
        Receive<Status.Failure>(failure =>
        {
            _isSaving = false;
            WarnOnce($"{_file?.Path}: cannot be written, registrations are lost at a restart: {failure.Cause.Message}");
        });
    }

    private void Write(Recorded recorded)
    {
        var present = _registrations.ByPlace.GetValueOrDefault(recorded.Url.Place);
        if (present is not null && recorded.Spec is not null && present.Spec == recorded.Spec && present.Revision >= recorded.Revision)
            return;
        // A removal is an edit too, and so is a registration of what was removed before.
        var revision = recorded.Spec is null ? recorded.Revision + 1 : recorded.Revision;
        if (present is not null)
            revision = Math.Max(revision, present.Revision + 1);
        var written = new Registration(recorded.Url, revision, Now(), recorded.Spec, recorded.Removal);
        if (recorded.Removal is not null)
            _carriedRemovals[recorded.Url.Place] = revision;
        _registrations = _registrations.With(written);
        _follower.Tell(new News(RegistrationMap.Empty.With(written)));
        SaveSoon();
        // The registry counts its revisions from one, this one counts on.
        if (revision != recorded.Revision && recorded.Spec is not null)
            StartLooking();
    }

    private void Take(RegistrationMap heard)
    {
        var merged = _registrations.Merge(heard);
        if (merged == _registrations)
            return;
        _registrations = merged;
        SaveSoon();
        StartLooking();
    }

    private void StartLooking()
    {
        if (_isLooking)
            return;
        _isLooking = true;
        _registry.Tell(new GetSnapshot());
    }

    private void BringInLine(RegistrySnapshot snapshot)
    {
        _isLooking = false;
        var reconciliation = RegistrationReconciliation.Between(snapshot, _registrations, IsNews);
        foreach (var registration in reconciliation.Carried)
            _carriedRemovals[registration.Url.Place] = registration.Revision;
        foreach (var command in reconciliation.Commands)
            _registry.Tell(command);
        if (reconciliation.Commands.Count == 0)
            _logged.Clear();
        foreach (var recorded in reconciliation.Unrecorded)
            Write(recorded);
        Prune();
    }

    /// <summary>What was removed before this gateway started, its own configuration names again; as it would without others.</summary>
    private bool IsNews(Registration removal) =>
        removal.WrittenAt >= _start && _carriedRemovals.GetValueOrDefault(removal.Url.Place) < removal.Revision;

    private void Prune()
    {
        var kept = _registrations.WithoutRemovalsBefore(_time.GetUtcNow() - RegistrationMap.RemovalLifetime);
        if (kept == _registrations)
            return;
        _registrations = kept;
        SaveSoon();
    }

    private void SaveSoon()
    {
        if (_file is not null && !_isSaving && !Kept().IsSameAs(_saved))
            Timers.StartSingleTimer(nameof(Save), Save.Instance, SaveDelay);
    }

    private void StartSaving()
    {
        if (_file is not { } file || _isSaving || Kept() is var kept && kept.IsSameAs(_saved))
            return;
        _isSaving = true;
        _saving = Task.Run(() => file.Save(kept));
        _saving.PipeTo(Self, success: () => new Saved(kept));
    }

    private KeptRegistrations Kept() =>
        new(_registrations, _leases.Current.ToImmutableDictionary(static pair => pair.Key, static pair => pair.Value.Duration));

    /// <summary>In whole milliseconds, as it is written: a copy that comes back must not look older.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());

    private void WarnOnce(string message)
    {
        if (_logged.Add(message))
            _log.Warning("{0}", message);
    }

    private sealed record Look
    {
        public static Look Instance { get; } = new();
    }

    private sealed record Save
    {
        public static Save Instance { get; } = new();
    }

    private sealed record Saved(KeptRegistrations Kept);
}
