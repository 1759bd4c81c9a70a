using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Discovery;

/// <summary>
/// Registers the workers the gateway was started with, and ends when each of them has been answered for: what operators
/// do to these workers afterwards is not undone.
/// </summary>
/// <remarks>
/// Supervision: under a <see cref="BackoffSupervisor"/> (<see cref="SupervisedProps"/>), which starts it anew with a growing delay if it
/// fails, and ends with it. Registering twice does nothing, so a new start is harmless.
/// </remarks>
public sealed class StaticDiscoveryActor : ReceiveActor, IWithTimers
{
    /// <summary>How long to wait before asking again after the registry failed.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IActorRef _registry;
    private readonly RegistryView _view;
    private readonly EquatableArray<WorkerSpec> _specs;
    private int _unanswered;
    private bool _retryIsDue;

    // Public because Akka makes actors with public constructors only.
    public StaticDiscoveryActor(IActorRef registry, RegistryView view, EquatableArray<WorkerSpec> specs)
    {
        _registry = registry;
        _view = view;
        _specs = specs;
        Receive<Accepted>(_ => Answered());
        Receive<Refused>(refused =>
        {
            _retryIsDue |= refused.Refusal is Refusal.Faulted or Refusal.Draining;
            _log.Warning("A worker the gateway was started with was refused: {0}", refused.Message);
            Answered();
        });
        Receive<Retry>(_ => RegisterMissing());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="registry">The RegistryActor.</param>
    /// <param name="view">The registry's view.</param>
    /// <param name="specs">The workers.</param>
    public static Props SupervisedProps(IActorRef registry, RegistryView view, EquatableArray<WorkerSpec> specs) =>
        DiscoverySupervision.Supervise(Props(registry, view, specs), "static");

    internal static Props Props(IActorRef registry, RegistryView view, EquatableArray<WorkerSpec> specs) =>
        Akka.Actor.Props.Create(() => new StaticDiscoveryActor(registry, view, specs));

    protected override void PreStart() => RegisterMissing();

    private void RegisterMissing()
    {
        _retryIsDue = false;
        var known = _view.Current.Workers.Values.Select(static entry => entry.Worker.Spec.Url.Place).ToHashSet(StringComparer.Ordinal);
        var missing = _specs.Where(spec => !known.Contains(spec.Url.Place)).ToArray();
        _unanswered = missing.Length;
        foreach (var spec in missing)
            _registry.Tell(new Register(spec, WorkerOrigin.CommandLine));
        EndWhenDone();
    }

    private void Answered()
    {
        _unanswered--;
        EndWhenDone();
    }

    private void EndWhenDone()
    {
        if (_unanswered > 0)
            return;
        if (_retryIsDue)
            Timers.StartSingleTimer(nameof(Retry), Retry.Instance, RetryDelay);
        else
            Context.Stop(Self);
    }

    private sealed record Retry
    {
        public static Retry Instance { get; } = new();
    }
}
