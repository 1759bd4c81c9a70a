using Akka.Hosting;
using Gateway.Actors.Discovery;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Composition;

/// <summary>The sources from which the gateway learns of its workers, as far as the operator has named any.</summary>
internal static class DiscoveryComposition
{
    /// <summary>Call it after the registry's actor has been registered.</summary>
    public static AkkaConfigurationBuilder WithDiscovery(
        this AkkaConfigurationBuilder akka, FleetOptions fleet, IServiceProvider services) =>
        akka.WithActors((system, actors) =>
        {
            var registry = actors.Get<RegistryActor>();
            var view = services.GetRequiredService<RegistryView>();
            var specs = ConfiguredWorkers(fleet, services.GetRequiredService<EmbeddedEngines>().Urls);
            if (!specs.IsEmpty)
                system.ActorOf(StaticDiscoveryActor.SupervisedProps(registry, view, specs), "static-discovery");
            if (fleet.WorkersFile is { } path)
            {
                var settings = new FileDiscoverySettings(path, fleet.WorkersFileInterval, WorkersFileFormat.Parse);
                system.ActorOf(FileDiscoveryActor.SupervisedProps(registry, view, settings), "file-discovery");
            }
        });

    private static EquatableArray<WorkerSpec> ConfiguredWorkers(FleetOptions fleet, EquatableArray<WorkerUrl> embedded)
    {
        var described = fleet.Workers.Select(static spec => spec.Url.Place).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. fleet.Workers,
            .. fleet.WorkerUrls.Concat(embedded).DistinctBy(static url => url.Place).Where(url => !described.Contains(url.Place)).Select(static url => new WorkerSpec { Url = url }),
        ];
    }
}
