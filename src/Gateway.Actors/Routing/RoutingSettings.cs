namespace Gateway.Actors.Routing;

/// <summary>The one table of defaults of all policies. A policy's part is a record of its own, beside the policy.</summary>
public sealed record RoutingSettings
{
    public static RoutingSettings Default { get; } = new();

    public CacheAwareSettings CacheAware { get; init; } = CacheAwareSettings.Default;
}
