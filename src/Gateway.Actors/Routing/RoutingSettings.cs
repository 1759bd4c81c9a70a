namespace Gateway.Actors.Routing;

/// <summary>The one table of defaults of all policies. A policy's part is a record of its own, beside the policy.</summary>
public sealed record RoutingSettings
{
    public static RoutingSettings Default { get; } = new();

    public LeastLoadSettings LeastLoad { get; init; } = new();

    public PrefixHashSettings PrefixHash { get; init; } = new();

    public ManualSettings Manual { get; init; } = new();

    public BalanceSettings Balance { get; init; } = new();

    public BucketSettings Bucket { get; init; } = new();

    /// <summary>Lets a request's routing key decide whatever the policy is, see <see cref="RoutingKeyOverridePolicy"/>.</summary>
    public bool RoutingKeyOverride { get; init; }

    /// <summary>How often engines are asked for their load, as long as a policy of theirs wants to know.</summary>
    public TimeSpan LoadMonitorInterval { get; init; } = TimeSpan.FromSeconds(10);

    public CacheAwareSettings CacheAware { get; init; } = CacheAwareSettings.Default;
}
