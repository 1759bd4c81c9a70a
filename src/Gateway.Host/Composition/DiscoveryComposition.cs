using Akka.Hosting;
using Gateway.Actors.Discovery;
using Gateway.Actors.Discovery.Names;
using Gateway.Actors.Discovery.Pods;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Observability.Metrics;

namespace Gateway.Host.Composition;

/// <summary>The sources from which the gateway learns of its workers, as far as the operator has named any.</summary>
internal static class DiscoveryComposition
{
    /// <summary>Call it after the registry's actor has been registered.</summary>
    public static AkkaConfigurationBuilder WithDiscovery(
        this AkkaConfigurationBuilder akka, GatewayOptions options, IServiceProvider services) =>
        akka.WithActors((system, actors) =>
        {
            var fleet = options.Fleet;
            var registry = actors.Get<RegistryActor>();
            var view = services.GetRequiredService<RegistryView>();
            var lookups = services.GetRequiredService<DiscoveryLookups>();
            var specs = ConfiguredWorkers(fleet, services.GetRequiredService<EmbeddedEngines>().Urls);
            if (!specs.IsEmpty)
                system.ActorOf(StaticDiscoveryActor.SupervisedProps(registry, view, specs), "static-discovery");
            if (fleet.WorkersFile is { } path)
            {
                var settings = new FileDiscoverySettings(path, fleet.WorkersFileInterval, WorkersFileFormat.Parse) { Lookups = lookups.File };
                system.ActorOf(FileDiscoveryActor.SupervisedProps(registry, view, settings), "file-discovery");
            }

            if (options.Dns.Source() is { } names)
                system.ActorOf(DnsDiscoveryActor.SupervisedProps(registry, names with { Lookups = lookups.Dns }), "dns-discovery");
            foreach (var pods in options.Pods.Sources())
                system.ActorOf(KubernetesDiscoveryActor.SupervisedProps(registry, pods with { Lookups = lookups.Kubernetes }), $"kubernetes-{pods.Role.ToString().ToLowerInvariant()}");
        });

    private static EquatableArray<WorkerSpec> ConfiguredWorkers(FleetOptions fleet, EquatableArray<WorkerUrl> embedded)
    {
        // In one place there is one worker: the one that is described in the most detail.
        return
        [
            .. fleet.Workers
                .Concat(fleet.PrefillWorkers.Select(static worker =>
                    new WorkerSpec { Url = worker.Url, Role = WorkerRole.Prefill, BootstrapPort = worker.BootstrapPort }))
                .Concat(fleet.DecodeWorkers.Select(static url => new WorkerSpec { Url = url, Role = WorkerRole.Decode }))
                .Concat(fleet.WorkerUrls.Concat(embedded).Select(static url => new WorkerSpec { Url = url }))
                .DistinctBy(static spec => spec.Url.Place),
        ];
    }
}
