using Akka.Actor;
using Gateway.Actors.Discovery.Pods;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Discovery.Pods;

/// <summary>A registry of its own that follows the pods of a server that is played.</summary>
internal sealed class PodDiscoveryUnderTest : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly List<IActorRef> _actors = [];

    private PodDiscoveryUnderTest(ActorSystem system, ApiServerStandIn server)
    {
        _system = system;
        Server = server;
        View = RegistryView.Create(out var publisher);
        Registry = system.ActorOf(RegistryActor.Props(publisher, new RegistrySettings(), new NoEngines(), TimeProvider.System));
        _actors.Add(Registry);
    }

    public ApiServerStandIn Server { get; }

    public RegistryView View { get; }

    public IActorRef Registry { get; }

    public static async Task<PodDiscoveryUnderTest> StartAsync(ActorSystem system) => new(system, await ApiServerStandIn.StartAsync());

    /// <param name="interval">Without one, only what a watch tells is ever known after the first list.</param>
    /// <param name="role">Of the pods.</param>
    /// <param name="app">Value of the label that selects them.</param>
    /// <param name="pageSize">Pods in one answer.</param>
    public IActorRef Follow(TimeSpan? interval = null, WorkerRole role = WorkerRole.Regular, string app = "llama", int pageSize = 500)
    {
        var settings = new PodDiscoverySettings(role, $"app={app}", interval ?? TimeSpan.FromHours(1), Server.Connect)
        {
            Namespace = "default",
            PageSize = pageSize,
            RetryDelay = TimeSpan.FromMilliseconds(10),
        };
        var actor = _system.ActorOf(KubernetesDiscoveryActor.SupervisedProps(Registry, settings));
        _actors.Add(actor);
        return actor;
    }

    public Task SeesAsync(params IEnumerable<string> workers)
    {
        string[] expected = [.. workers.Order(StringComparer.Ordinal)];
        return Eventually.HoldsAsync(() => Assert.Equal(expected, Workers()));
    }

    public Task WatchesAsync(int watches = 1) => Eventually.HoldsAsync(() => Assert.Equal(watches, Server.OpenWatches));

    public WorkerEntry Only() => Assert.Single(View.Current.Workers.Values);

    /// <summary>Such as <c>10.0.0.1:80 uid</c>, for those that are not draining.</summary>
    public string[] Workers() =>
    [
        .. View.Current.Workers.Values
            .Where(static entry => entry.State != WorkerState.Draining)
            .Select(static entry => $"{entry.Worker.Spec.Url} {entry.Worker.Spec.Labels[PodReader.UidLabel]}")
            .Order(StringComparer.Ordinal),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var actor in Enumerable.Reverse(_actors))
            await actor.GracefulStop(TimeSpan.FromSeconds(30));
        await Server.DisposeAsync();
    }

    /// <summary>What discovery does depends on no engine's answer.</summary>
    private sealed class NoEngines : IEngineConnector
    {
        public Task<EngineConnection> ConnectAsync(WorkerUrl url, ProbePlan plan, CancellationToken cancellation) =>
            Task.FromResult(new EngineConnection(null, Make.Failed(ProbeOutcome.Unreachable)));

        public Task<ProbeResult> ProbeAsync(EngineClient client, ProbePlan plan, CancellationToken cancellation) =>
            throw new NotSupportedException("no engine was ever connected");

        public Task<EngineLoadReport> ReadLoadAsync(EngineClient client, LoadPlan plan, CancellationToken cancellation) =>
            throw new NotSupportedException("no engine was ever connected");
    }
}
