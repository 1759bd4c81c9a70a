using Gateway.Actors.Routing;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>The gateway's defaults for all workers.</summary>
public sealed record RegistrySettings
{
    public HealthSettings Health { get; init; } = HealthSettings.Default;

    public BreakerSettings Breaker { get; init; } = BreakerSettings.Default;

    /// <summary>Name of the policy of models for which nobody asks for another; see <see cref="PolicyChoice"/>.</summary>
    public string Policy { get; init; } = PolicyCatalog.Default;

    /// <summary>For prefill workers; null is <see cref="Policy"/>.</summary>
    public string? PrefillPolicy { get; init; }

    /// <summary>For decode workers; null is <see cref="Policy"/>.</summary>
    public string? DecodePolicy { get; init; }

    /// <summary>For single models, by canonical id.</summary>
    public EquatableArray<ModelPolicyName> ModelPolicies { get; init; }

    public RoutingSettings Routing { get; init; } = RoutingSettings.Default;

    /// <summary>Serves workers whose engines have several data-parallel ranks by these ranks, see <see cref="RankExpansion"/>.</summary>
    public bool IsDataParallelAware { get; init; }

    /// <summary>True if the host can serve workers that take tokens, over gRPC: requests are routed to them only then.</summary>
    public bool ServesTokenIn { get; init; }

    /// <summary>How long a drain may last when neither the command nor the worker says.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Probes under way at once, over all workers.</summary>
    public int MaxConcurrentProbes { get; init; } = 128;
}

/// <summary>A policy that the configuration gives to one model, for workers of every role.</summary>
public sealed record ModelPolicyName(string Model, string Policy);
