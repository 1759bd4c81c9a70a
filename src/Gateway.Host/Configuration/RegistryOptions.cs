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
        ServesTokenIn = ServesTokenIn(options),
        IsDataParallelAware = options.Fleet.DataParallelAware,
        DrainTimeout = options.Fleet.DrainTimeout,
        MaxConcurrentProbes = options.Fleet.MaxConcurrentProbes,
    };

    /// <summary>If there is any way to a tokenizer: one is configured, workers are asked for theirs, or operators may register one.</summary>
    private static bool ServesTokenIn(GatewayOptions options) =>
        !options.Text.DisableFetching
        || !options.Security.DisableControlPlane
        || options.Text.TokenizerPath is not null
        || options.Models.Any(static model => model.TokenizerPath is not null);

    private static IEnumerable<ModelPolicyName> OwnPolicies(GatewayOptions options)
    {
        foreach (var model in options.Models)
        {
            if (model.Policy is { } policy)
                yield return new ModelPolicyName(model.Id, policy);
        }
    }
}
