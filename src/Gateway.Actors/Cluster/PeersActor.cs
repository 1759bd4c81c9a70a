using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using static Gateway.Actors.Cluster.PeerProtocol;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Gateway.Actors.Cluster;

/// <summary>Tells every other gateway about once a second what the topics have to tell, and gives the topics what the others tell.</summary>
/// <remarks>
/// It lives in the cluster's actor system. Supervision: the guardian restarts it; it then knows the members anew, and the topics keep
/// what they were told. When it ends, all peers are forgotten.
/// </remarks>
public sealed class PeersActor : ReceiveActor, IWithTimers
{
    /// <summary>Name of the actor in every gateway's cluster system.</summary>
    public const string Name = "peers";

    /// <summary>Time between two reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly Dictionary<Address, Member> _peers = [];
    private readonly HashSet<string> _logged = new(StringComparer.Ordinal);
    private readonly HashSet<UniqueAddress> _unreachable = [];
    private readonly Dictionary<UniqueAddress, Member> _members = [];
    private readonly IReadOnlyList<IPeerTopic> _topics;
    private readonly ClusterView _view;

    // Public because Akka makes actors with public constructors only.
    public PeersActor(IReadOnlyList<IPeerTopic> topics, ClusterView view)
    {
        _topics = topics;
        _view = view;
        Receive<ClusterEvent.CurrentClusterState>(state =>
        {
            _unreachable.UnionWith(state.Unreachable.Select(static member => member.UniqueAddress));
            foreach (var member in state.Members)
                Meet(member);
            Show();
        });
        Receive<ClusterEvent.MemberRemoved>(removed =>
        {
            Part(removed.Member);
            Show();
        });
        Receive<ClusterEvent.IMemberEvent>(change =>
        {
            Meet(change.Member);
            Show();
        });
        Receive<ClusterEvent.UnreachableMember>(lost =>
        {
            _unreachable.Add(lost.Member.UniqueAddress);
            Show();
        });
        Receive<ClusterEvent.ReachableMember>(found =>
        {
            _unreachable.Remove(found.Member.UniqueAddress);
            Show();
        });
        Receive<Tell>(_ => TellAll());
        Receive<Piece>(Take);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="topics">What is talked about.</param>
    /// <param name="view">Is shown the members.</param>
    public static Props Props(IReadOnlyList<IPeerTopic> topics, ClusterView view) =>
        Akka.Actor.Props.Create(() => new PeersActor(topics, view));

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        Timers.StartPeriodicTimer(nameof(Tell), Tell.Instance, Interval);
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        foreach (var peer in _peers.Values.ToArray())
            Part(peer);
        _view.Show([]);
    }

    private void Meet(Member member)
    {
        _members[member.UniqueAddress] = member;
        if (member.Address == _cluster.SelfAddress || member.Status is not (MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving or MemberStatus.Exiting))
            return;
        if (_peers.TryGetValue(member.Address, out var known) && known.UniqueAddress != member.UniqueAddress)
            Part(known);
        _peers[member.Address] = member;
    }

    private void Part(Member member)
    {
        if (_peers.TryGetValue(member.Address, out var known) && known.UniqueAddress == member.UniqueAddress)
            _peers.Remove(member.Address);
        _members.Remove(member.UniqueAddress);
        _unreachable.Remove(member.UniqueAddress);
        var peer = IdOf(member);
        foreach (var topic in _topics)
            topic.Forget(peer);
    }

    private void Show() => _view.Show([.. _members.Values
        .OrderBy(static member => member.Address.ToString(), StringComparer.Ordinal)
        .Select(member => new ClusterMember(
            IdOf(member).Address, member.Status.ToString(), !_unreachable.Contains(member.UniqueAddress), member.Address == _cluster.SelfAddress))]);

    private void TellAll()
    {
        foreach (var topic in _topics)
        {
            // Collected also when nobody listens: what is told is what happened since.
            foreach (var content in topic.Collect())
            {
                var piece = new Piece(topic.Name, content);
                foreach (var address in _peers.Keys)
                    Context.ActorSelection(new RootActorPath(address) / "user" / Name).Tell(piece);
            }
        }
    }

    private void Take(Piece piece)
    {
        // What comes from somebody who has left, or is not known yet, is of no use: nobody would take it back.
        if (!_peers.TryGetValue(Sender.Path.Address, out var member))
            return;
        foreach (var topic in _topics)
        {
            if (topic.Name != piece.Topic)
                continue;
            try
            {
                topic.Receive(IdOf(member), piece.Content);
            }
            catch (FormatException failure)
            {
                if (_logged.Add($"{member.Address} {piece.Topic}"))
                    _log.Warning("What gateway {0} tells of {1} can't be understood: {2}", member.Address, piece.Topic, failure.Message);
            }
        }
    }

    private static PeerId IdOf(Member member) =>
        new($"{member.Address.Host}:{member.Address.Port}", member.UniqueAddress.Uid);

    private sealed record Tell
    {
        public static Tell Instance { get; } = new();
    }
}
