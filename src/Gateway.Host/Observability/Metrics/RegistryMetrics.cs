using System.Diagnostics.Metrics;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Observability.Metrics;

/// <summary>The fleet as a whole: how many workers of which kind, from which discovery, and how fresh that knowledge is.</summary>
internal sealed class RegistryMetrics(RegistryView view) : IMetricFamily
{
    public void Register(GatewayMeter meter)
    {
        meter.Gauge("gateway.registry.version", "", "Version of the fleet that requests see; it only grows.", () => view.Current.Version);
        meter.Gauge("gateway.registry.age", "s", "Time since that version was published.", () => view.Age.TotalSeconds);
        meter.Count("gateway.registry.publish.time", "s", "Time that went into making and publishing versions.", () => view.Counts.Publishing.TotalSeconds);
        meter.Gauge("gateway.models", "{model}", "Models, with a worker or without.", () => view.Current.Models.Count);
        meter.Gauge("gateway.workers", "{worker}", "Workers by state, by role and by who has named them.", Workers);
        if (meter.HasSmgNames)
            meter.Gauge("smg_worker_pool_size", "", "Ready workers.", Pool);
    }

    private IEnumerable<Measurement<int>> Workers()
    {
        var kinds = view.Current.Workers.Values.CountBy(static entry => (entry.State, entry.Worker.Spec.Role, entry.Origin)).ToDictionary();
        // All of them, also those with none: an alert on a state that is missing would never fire.
        foreach (var state in Enum.GetValues<WorkerState>())
            kinds.TryAdd((state, WorkerRole.Regular, WorkerOrigin.CommandLine), 0);
        foreach (var ((state, role, origin), count) in kinds)
            yield return new Measurement<int>(count, new("state", Word(state)), new("role", Word(role)), new("origin", Word(origin)));
    }

    private IEnumerable<Measurement<int>> Pool() => view.Current.Workers.Values
        .Where(static entry => entry.State == WorkerState.Ready)
        .SelectMany(static entry => entry.Worker.Models.Select(card => (entry.Worker.Spec.Role, entry.Worker.Facts.Mode, card.Id)))
        .CountBy(static kind => kind)
        .Select(static kind => new Measurement<int>(
            kind.Value,
            new("worker_type", Word(kind.Key.Role)),
            new("connection_mode", Word(kind.Key.Mode)),
            new("model", kind.Key.Id)));

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();
}
