using Akka.Actor;
using Gateway.Actors.Discovery.Leases;
using Gateway.Actors.Registrations;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registrations.RegistrationProtocol;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Registrations;

/// <summary>One of several gateways: its registry, workers and keeper, and its copy of what is replicated.</summary>
internal sealed class GatewayUnderTest : FleetTestKit
{
    private const string SameThread = "akka.test.calling-thread-dispatcher";
    private readonly IActorRef _follower;
    private IActorRef _keeper;

    public GatewayUnderTest()
        : base(isQuiet: true)
    {
        Action<RegistrationMap> take = news => Replica = Replica.Merge(news);
        _follower = Sys.ActorOf(Props.Create(() => new Follower(take)).WithDispatcher(SameThread), "follower");
        _keeper = StartKeeper();
    }

    /// <summary>As the cluster's actor system has it.</summary>
    public RegistrationMap Replica { get; private set; } = RegistrationMap.Empty;

    /// <summary>The workers that are there to stay: place, priority and revision of each.</summary>
    public IEnumerable<string> Fleet => Current.Workers.Values
        .Where(static entry => entry.State != WorkerState.Draining)
        .Select(static entry => $"{entry.Worker.Spec.Url} {entry.Worker.Spec.Priority} r{entry.Worker.Revision}")
        .Order();

    public bool Has(string url) => Current.Workers.TryGetValue(WorkerId.Of(WorkerUrl.Parse(url)), out var entry) && entry.State != WorkerState.Draining;

    public void RegisterWorker(string url, int priority) => Send(new Register(Make.Spec(url, "m") with { Priority = priority }, WorkerOrigin.Api));

    public void Edit(string url, int priority) => Send(new Update(WorkerId.Of(WorkerUrl.Parse(url)), new WorkerPatch { Priority = priority }));

    public void Remove(string url, bool atOnce)
    {
        var id = WorkerId.Of(WorkerUrl.Parse(url));
        Send(atOnce ? new Remove(id, Everywhere: true) : new Drain(id, Everywhere: true));
    }

    /// <summary>The keeper dies and knows nothing any more, as one without a file.</summary>
    public void RestartKeeper()
    {
        Watch(_keeper);
        Sys.Stop(_keeper);
        ExpectTerminated(_keeper);
        _keeper = StartKeeper();
        _keeper.Tell(new Heard(Replica));
    }

    public void Hear(RegistrationMap others)
    {
        var merged = Replica.Merge(others);
        if (merged == Replica)
            return;
        Replica = merged;
        _keeper.Tell(new Heard(merged));
    }

    public void Settle() => Pass(RegistrationKeeperActor.LookInterval * 3);

    private IActorRef StartKeeper()
    {
        var keeper = Sys.ActorOf(RegistrationKeeperActor.Props(Registry, file: null, new LeaseView(), ActorRefs.Nobody, Time).WithDispatcher(SameThread));
        keeper.Tell(new Identify(null), TestActor);
        keeper.Tell(new Follow(), _follower);
        ExpectMsg<ActorIdentity>(TimeSpan.FromSeconds(30));
        return keeper;
    }

    private sealed class Follower : ReceiveActor
    {
        public Follower(Action<RegistrationMap> hear) => Receive<News>(news => hear(news.Registrations));
    }
}
