using System.Collections.Immutable;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;

namespace Gateway.Host.Tests.EndToEnd.Texts;

/// <summary>Fleets of token-in workers made by hand.</summary>
internal static class TextScene
{
    public static ModelSnapshot Model(string id) => Model(id, Worker(id, epoch: 1));

    public static ModelSnapshot Model(string id, params Worker[] workers) => new(new ModelCard(id), 1, new RoundRobinPolicy(), workers);

    public static RegistrySnapshot Fleet(params ModelSnapshot[] models) => Fleet(1, models);

    public static RegistrySnapshot Fleet(long version, params ModelSnapshot[] models) => new(
        version,
        ModelTable.Empty,
        null,
        models.ToImmutableSortedDictionary(static model => model.Id, static model => model, StringComparer.Ordinal),
        ImmutableDictionary<WorkerId, WorkerEntry>.Empty);

    public static Worker Worker(string model, long epoch) => new(
        new WorkerId(Guid.NewGuid()),
        epoch,
        1,
        new WorkerSpec { Url = WorkerUrl.Parse("grpc://127.0.0.1:1"), Models = [new ModelCard(model)] },
        new WorkerFacts { Mode = ConnectionMode.Grpc },
        BreakerSettings.Default,
        TimeProvider.System);
}
