using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Gateway.Actors.Registry;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Discovery.Pods;

/// <summary>
/// Follows the pods that a label selector names: a pod that is ready is a worker, and one that is not, or that begins to terminate, is
/// drained at once. While the API server cannot be asked, the fleet stays as it is.
/// </summary>
/// <remarks>
/// One for each role. <see cref="PodWatch"/> asks the server, <see cref="PodSet"/> knows the pods, <see cref="PodReconciliation"/> decides; this
/// only carries messages. Supervision: under a <see cref="BackoffSupervisor"/> (<see cref="SupervisedProps"/>); a new start compares the pods
/// with the fleet as it is, so nothing is registered twice.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "An actor disposes in PostStop.")]
public sealed class KubernetesDiscoveryActor : ReceiveActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _logged = new(StringComparer.Ordinal);
    private readonly IActorRef _registry;
    private readonly PodDiscoverySettings _settings;
    private ImmutableDictionary<PodPlace, FollowedPod> _followed = PodReconciliation.NothingFollowed;
    private PodSet _pods = PodSet.Empty;
    private bool _isAsking;
    private bool _isBehind;
    private bool _isConfirming;
    private bool _isUnknown;

    // Public because Akka makes actors with public constructors only.
    public KubernetesDiscoveryActor(IActorRef registry, PodDiscoverySettings settings)
    {
        _registry = registry;
        _settings = settings;
        Receive<PodsListed>(list =>
        {
            _settings.Lookups.Answer();
            if (_isUnknown)
                _log.Info("Pods of {0}: the API server answers again", _settings.Selector);
            _isUnknown = false;
            // An answer of the registry may have been lost with the registry.
            _isAsking = false;
            _isConfirming = false;
            _pods = PodSet.Listed(list.Pods, list.Version);
            Ask();
        });
        Receive<PodSeen>(seen => Follow(_pods.Changed(seen.Pod), seen.Pod.Uid));
        Receive<PodDeleted>(deleted => Follow(_pods.Deleted(deleted.Pod), deleted.Pod.Uid));
        Receive<PodsUnknown>(unknown =>
        {
            _settings.Lookups.Fail();
            if (!_isUnknown)
                _log.Warning("Pods of {0}: the workers are kept as they are: {1}", _settings.Selector, unknown.Reason);
            _isUnknown = true;
        });
        Receive<RegistrySnapshot>(BringInLine);
        Receive<Accepted>(static _ => { });
        // By somebody else's doing in the meantime; the next list looks again.
        Receive<Refused>(refused => _log.Debug("Pods of {0}: refused: {1}", _settings.Selector, refused.Message));
        Receive<Status.Failure>(static failure => throw new InvalidOperationException("the watch of pods ended", failure.Cause));
    }

    /// <param name="registry">The RegistryActor.</param>
    /// <param name="settings">What to follow.</param>
    public static Props SupervisedProps(IActorRef registry, PodDiscoverySettings settings) =>
        DiscoverySupervision.Supervise(Props(registry, settings), "pods");

    internal static Props Props(IActorRef registry, PodDiscoverySettings settings) =>
        Akka.Actor.Props.Create(() => new KubernetesDiscoveryActor(registry, settings));

    protected override void PreStart()
    {
        var self = Self;
        var watch = new PodWatch(_settings, message => self.Tell(message, ActorRefs.NoSender));
        var stop = _stop.Token;
        Task.Run(() => watch.RunAsync(stop), CancellationToken.None).PipeTo(self, success: static () => Stopped.Instance);
    }

    protected override void PostStop()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    protected override void Unhandled(object message)
    {
        if (message is not Stopped)
            base.Unhandled(message);
    }

    private void Follow(PodSet pods, string uid)
    {
        // Nodes touch their pods often; only what makes another worker of one is of interest.
        var isNews = Essence(pods) != Essence(_pods);
        _pods = pods;
        if (isNews)
            Ask();

        PodSighting? Essence(PodSet set) => set.Pods.TryGetValue(uid, out var pod) ? pod with { Version = null } : null;
    }

    /// <summary>The snapshot that comes back contains what was commanded before, so nothing is commanded twice.</summary>
    private void Ask()
    {
        _isBehind = _isAsking;
        if (_isAsking)
            return;
        _isAsking = true;
        _registry.Tell(new GetSnapshot());
    }

    private void BringInLine(RegistrySnapshot snapshot)
    {
        var isConfirmation = _isConfirming;
        _isAsking = false;
        _isConfirming = false;
        var reconciliation = PodReconciliation.Between(snapshot, _pods, _settings.Role, _followed);
        _followed = reconciliation.Followed;
        if (!isConfirmation)
            CarryOut(reconciliation);
        // Once more, to see what has come of the commands. One that was refused then waits for the next news.
        _isConfirming = !isConfirmation && !_isBehind && reconciliation.Commands.Count > 0;
        if (_isBehind || _isConfirming)
            Ask();
    }

    private void CarryOut(PodReconciliation reconciliation)
    {
        foreach (var pod in _pods.Pods.Values)
        {
            if (pod.Problem is { } problem)
                WarnOnce(problem);
        }

        foreach (var entry in reconciliation.Foreign)
            WarnOnce($"{entry.Worker.Spec.Url} is registered by other means ({entry.Origin}) and left as it is");
        foreach (var command in reconciliation.Commands)
            _registry.Tell(command);
    }

    private void WarnOnce(string message)
    {
        if (_logged.Add(message))
            _log.Warning("Pods of {0}: {1}", _settings.Selector, message);
    }

    private sealed record Stopped
    {
        public static Stopped Instance { get; } = new();
    }
}
