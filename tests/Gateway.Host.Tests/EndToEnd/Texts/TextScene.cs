using System.Collections.Immutable;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;

namespace Gateway.Host.Tests.EndToEnd.Texts;

/// <summary>Fleets of token-in workers made by hand.</summary>
internal static class TextScene
{
    public static ModelSnapshot Model(string id) => new(new ModelCard(id), 1, new RoundRobinPolicy(), [Worker(id)]);

    public static RegistrySnapshot Fleet(params ModelSnapshot[] models) => new(
        1,
        ModelTable.Empty,
        null,
        models.ToImmutableSortedDictionary(static model => model.Id, static model => model, StringComparer.Ordinal),
        ImmutableDictionary<WorkerId, WorkerEntry>.Empty);

    private static Worker Worker(string model) => new(
        WorkerId.New(),
        1,
        1,
        new WorkerSpec { Url = WorkerUrl.Parse("grpc://127.0.0.1:1"), Models = [new ModelCard(model)] },
        new WorkerFacts { Mode = ConnectionMode.Grpc },
        BreakerSettings.Default,
        TimeProvider.System);
}
