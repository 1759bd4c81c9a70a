using Gateway.Actors.Routing;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>The gateway's defaults for all workers.</summary>
public sealed record RegistrySettings
{
    public HealthSettings Health { get; init; } = HealthSettings.Default;

    public BreakerSettings Breaker { get; init; } = BreakerSettings.Default;

    /// <summary>Name of the policy of models whose workers ask for none.</summary>
    public string Policy { get; init; } = PolicyCatalog.Default;

    public RoutingSettings Routing { get; init; } = RoutingSettings.Default;

    /// <summary>How long a drain may last when neither the command nor the worker says.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Probes under way at once, over all workers.</summary>
    public int MaxConcurrentProbes { get; init; } = 128;
}
