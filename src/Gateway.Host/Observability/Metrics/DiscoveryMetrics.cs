using System.Diagnostics.Metrics;
using Gateway.Actors.Discovery;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Gateway.Host.Observability.Metrics;

/// <summary>How workers come and go, where they are looked for, and how they answer to health checks.</summary>
internal sealed class DiscoveryMetrics(RegistryView view, DiscoveryLookups lookups) : IMetricFamily
{
    public void Register(GatewayMeter meter)
    {
        var counts = view.Counts;
        meter.Count("gateway.discovery.workers.added", "{worker}", "Workers that were registered, by who has named them.", () => ByOrigin("origin", counts.Joined));
        meter.Count("gateway.discovery.workers.removed", "{worker}", "Workers that are gone: removed, or drained to their end.", () => ByOrigin("origin", counts.Left));
        meter.Count("gateway.discovery.lookups", "{lookup}", "Looks at a file, a name or an API server for workers, and what came of them.", Lookups);
        meter.Count("gateway.health.checks", "{check}", "Health checks and attempts to connect, by what they found.", () => Checks("role", "result"));
        if (!meter.HasSmgNames)
            return;
        meter.Count("smg_discovery_registrations_total", "", "Workers that were registered.", () => ByOrigin("source", counts.Joined));
        meter.Count("smg_discovery_deregistrations_total", "", "Workers that are gone.", () => ByOrigin("source", counts.Left));
        meter.Gauge("smg_discovery_workers_discovered", "", "Workers there are.", () => ByOrigin("source", Present));
        meter.Count("smg_worker_health_checks_total", "", "Health checks and attempts to connect, by what they found.", () => Checks("worker_type", "result"));
    }

    private long Present(WorkerOrigin origin) => view.Current.Workers.Values.LongCount(entry => entry.Origin == origin);

    private static IEnumerable<Measurement<long>> ByOrigin(string label, Func<WorkerOrigin, long> read) =>
        Enum.GetValues<WorkerOrigin>().Select(origin => new Measurement<long>(read(origin), new Tag(label, Word(origin))));

    private IEnumerable<Measurement<long>> Lookups()
    {
        foreach (var (source, counts) in lookups.Followed)
        {
            yield return new Measurement<long>(counts.Answered, new("source", source), new("result", "success"));
            yield return new Measurement<long>(counts.Failed, new("source", source), new("result", "failure"));
        }
    }

    private IEnumerable<Measurement<long>> Checks(string role, string result) =>
        from one in Enum.GetValues<WorkerRole>()
        from outcome in Enum.GetValues<ProbeOutcome>()
        let count = view.Counts.Probes(one, outcome)
        where count > 0
        select new Measurement<long>(count, new Tag(role, Word(one)), new Tag(result, Word(outcome)));

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();
}
