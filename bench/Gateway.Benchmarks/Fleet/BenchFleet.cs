using Akka.Actor;
using Akka.Configuration;
using Gateway.Actors;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;

namespace Gateway.Benchmarks.Fleet;

/// <summary>
/// The real registry with its supervisor and workers' actors on the product's own dispatchers; only the engines are not real.
/// Workers are not probed again once they are Ready, as nothing could come of it.
/// </summary>
internal sealed class BenchFleet : IAsyncDisposable
{
    private static readonly Config Quiet = ConfigurationFactory.ParseString(
        """
        akka.loglevel = OFF
        akka.loggers = ["Akka.Event.DefaultLogger"]
        """);

    private readonly ActorSystem _system;

    public BenchFleet()
    {
        _system = ActorSystem.Create("bench", Quiet.WithFallback(GatewayHocon.Load()));
        View = RegistryView.Create(out var publisher);
        var settings = new RegistrySettings { Health = HealthSettings.Default with { Disabled = true } };
        Registry = _system.ActorOf(RegistryActor.Props(publisher, settings, new InstantEngines(), TimeProvider.System), "registry");
    }

    public IActorRef Registry { get; }

    public RegistryView View { get; }

    public static WorkerSpec[] Specs(int count, int models)
    {
        var names = ModelNames.Take(models);
        var specs = new WorkerSpec[count];
        for (var i = 0; i < count; i++)
        {
            specs[i] = new WorkerSpec
            {
                Url = WorkerUrl.Parse($"http://10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}:30000"),
                Models = [new ModelCard(names[i % models])],
            };
        }

        return specs;
    }

    /// <summary>Registers all as one burst and waits until every one is routable.</summary>
    public async Task FillAsync(IReadOnlyCollection<WorkerSpec> specs)
    {
        foreach (var spec in specs)
            Registry.Tell(new RegistryProtocol.Register(spec, WorkerOrigin.Api), ActorRefs.NoSender);
        while (View.Current.Workers.Count < specs.Count || View.Current.Workers.Values.Any(static entry => entry.State != WorkerState.Ready))
            await Task.Delay(20).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await _system.Terminate().ConfigureAwait(false);
}
