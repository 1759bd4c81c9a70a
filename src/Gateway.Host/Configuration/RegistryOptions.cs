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
        ModelPolicies = [.. options.Fleet.ModelPolicies, .. OwnPolicies(options)],
        Routing = options.Routing,
        ServesTokenIn = options.Text.TokenizerPath is not null,
        IsDataParallelAware = options.Fleet.DataParallelAware,
        DrainTimeout = options.Fleet.DrainTimeout,
        MaxConcurrentProbes = options.Fleet.MaxConcurrentProbes,
    };

    private static IEnumerable<ModelPolicyName> OwnPolicies(GatewayOptions options)
    {
        foreach (var model in options.Models)
        {
            if (model.Policy is { } policy)
                yield return new ModelPolicyName(model.Id, policy);
        }
    }
}
