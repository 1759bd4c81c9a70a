using Akka.Actor;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Benchmarks.Fleet;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>1,000 models of ten workers each in the real registry, made once for all benchmarks of the process.</summary>
internal sealed class ReadScene
{
    private const int ModelCount = 1000;
    private const int WorkersPerModel = 10;
    private static readonly Lazy<ReadScene> Shared = new(static () => new ReadScene());

    private readonly BenchFleet _fleet = new();
    private readonly string[] _models = ModelNames.Take(ModelCount);
    private readonly WorkerId[] _ids;

    private ReadScene()
    {
        _fleet.FillAsync(BenchFleet.Specs(ModelCount * WorkersPerModel, ModelCount)).GetAwaiter().GetResult();
        Names = new RequestNames(_models);
        Models = View.Current.Models.ToDictionary(static model => model.Key, static model => model.Value.Ready.ToArray());
        _ids = [.. View.Current.Workers.Keys];
        // What filling the fleet has left to collect and to compile is over before anything is measured.
        GC.Collect();
        Thread.Sleep(TimeSpan.FromSeconds(1));
    }

    public static ReadScene Instance => Shared.Value;

    public RegistryView View => _fleet.View;

    public RequestNames Names { get; }

    public IReadOnlyDictionary<string, Worker[]> Models { get; }

    /// <summary>
    /// Edits one worker after the other through the registry's actor. At a thousand a second each is a publication of its own.
    /// </summary>
    public void MutateRegistry(int number) => _fleet.Registry.Tell(
        new RegistryProtocol.Update(_ids[number * 7919 % _ids.Length], new WorkerPatch { Priority = number }),
        ActorRefs.NoSender);

    /// <summary>The same on a structure that is compared: one worker of one model.</summary>
    public void MutateRival(IRivalStore store, int number)
    {
        var model = _models[number * 7919 % _models.Length];
        store.Replace(model, Models[model][number % WorkersPerModel]);
    }
}
