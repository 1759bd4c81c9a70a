using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Gateway.Actors.Workers;
using static Gateway.Actors.Cluster.BootstrapProtocol;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Gateway.Actors.Cluster;

/// <summary>
/// Finds the cluster that the other gateways are in and joins it, or begins one with them; see <see cref="BootstrapDecision"/>. It asks
/// over the same connections on which the cluster then speaks, so that there is no other port to open and to guard.
/// </summary>
/// <remarks>
/// It lives in the cluster's actor system and answers others for as long as that lives. Supervision: the guardian restarts it; it then asks
/// anew.
/// </remarks>
public sealed class BootstrapActor : ReceiveActor, IWithTimers
{
    /// <summary>Name of the actor in every gateway's cluster system.</summary>
    public const string Name = "bootstrap";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FindTimeout = TimeSpan.FromSeconds(3);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly Dictionary<string, (IReadOnlyList<string> Members, DateTimeOffset At)> _answers = new(StringComparer.Ordinal);
    private readonly BootstrapDecision _decision;
    private readonly IContactPoints _contactPoints;
    private readonly TimeProvider _time;
    private string _found = "";
    private string? _failure;
    private DateTimeOffset _stableSince;
    private bool _isFinding;

    // Public because Akka makes actors with public constructors only.
    public BootstrapActor(IContactPoints contactPoints, int quorum, TimeProvider time)
    {
        _contactPoints = contactPoints;
        _time = time;
        _stableSince = time.GetUtcNow();
        _decision = new BootstrapDecision(_cluster.SelfAddress.ToString(), quorum);
        Receive<Ask>(_ => Sender.Tell(new Answer(Members())));
        Receive<Answer>(answer => _answers[Sender.Path.Address.ToString()] = (answer.Members, time.GetUtcNow()));
        Receive<Look>(_ =>
        {
            if (HasJoined)
            {
                // A node that has been in a cluster ends before it joins another.
                Timers.Cancel(nameof(Look));
                return;
            }

            Decide();
            StartFinding();
        });
        Receive<Found>(found =>
        {
            _isFinding = false;
            _failure = null;
            AskAll(found.Peers);
        });
        Receive<Status.Failure>(failure =>
        {
            _isFinding = false;
            var reason = failure.Cause.GetBaseException().Message;
            if (_failure != reason)
                _log.Error("The other gateways cannot be looked up, trying again: {0}", reason);
            _failure = reason;
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private bool HasJoined => _cluster.SelfMember.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving or MemberStatus.Exiting;

    /// <param name="contactPoints">Where to ask.</param>
    /// <param name="quorum">Gateways that must find each other to begin a cluster, this one included; at least 1.</param>
    /// <param name="time">Clock of the answers.</param>
    public static Props Props(IContactPoints contactPoints, int quorum, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new BootstrapActor(contactPoints, quorum, time));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, Interval);
        Self.Tell(Look.Instance);
    }

    private EquatableArray<string> Members() => HasJoined
        ? [.. _cluster.State.Members
            .Where(static member => member.Status is MemberStatus.Up or MemberStatus.WeaklyUp)
            .Select(static member => member.Address.ToString())]
        : [];

    private void StartFinding()
    {
        if (_isFinding)
            return;
        _isFinding = true;
        FindAsync().PipeTo(Self);

        async Task<Found> FindAsync()
        {
            using var limit = new CancellationTokenSource(FindTimeout);
            return new Found(await _contactPoints.FindAsync(limit.Token).ConfigureAwait(false));
        }
    }

    private void AskAll(IReadOnlyList<PeerAddress> peers)
    {
        foreach (var peer in peers)
        {
            var address = new Address(_cluster.SelfAddress.Protocol, _cluster.SelfAddress.System, peer.Host, peer.Port);
            if (address != _cluster.SelfAddress)
                Context.ActorSelection(new RootActorPath(address) / "user" / Name).Tell(new Ask());
        }
    }

    private void Decide()
    {
        var now = _time.GetUtcNow();
        var answers = _answers.ToDictionary(static pair => pair.Key, pair => (pair.Value.Members, now - pair.Value.At), StringComparer.Ordinal);
        var found = string.Join(' ', answers.Where(static pair => pair.Value.Item2 <= BootstrapDecision.AnswerLifetime).Select(static pair => pair.Key).Order(StringComparer.Ordinal));
        if (found != _found)
        {
            _found = found;
            _stableSince = now;
            _log.Info("Found these other gateways: {0}", found.Length == 0 ? "none" : found);
        }

        var seeds = _decision.Decide(answers, now - _stableSince);
        if (seeds.Count == 0)
            return;
        _log.Info(seeds is [var only] && only == _decision.Self ? "Beginning a cluster" : "Joining the cluster of {0}", string.Join(", ", seeds));
        _cluster.JoinSeedNodes(seeds.Select(Address.Parse));
    }

    private sealed record Look
    {
        public static Look Instance { get; } = new();
    }

    private sealed record Found(IReadOnlyList<PeerAddress> Peers);
}
