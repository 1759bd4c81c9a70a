using Gateway.Actors.Registry;

namespace Gateway.Host.Configuration;

/// <summary>The part of the options that the registry needs, in its own terms.</summary>
internal static class RegistryOptions
{
    public static RegistrySettings Of(GatewayOptions options) => new()
    {
        Health = options.Health,
        Breaker = options.Breaker,
        Policy = options.Fleet.Policy,
        PrefillPolicy = options.Fleet.PrefillPolicy,
        DecodePolicy = options.Fleet.DecodePolicy,
        ModelPolicies = options.Fleet.ModelPolicies,
        Routing = options.Routing,
        IsDataParallelAware = options.Fleet.DataParallelAware,
        DrainTimeout = options.Fleet.DrainTimeout,
        MaxConcurrentProbes = options.Fleet.MaxConcurrentProbes,
    };
}
