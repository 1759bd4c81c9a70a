using System.Collections.Frozen;
using Gateway.Actors.Routing.Prefixes;

namespace Gateway.Actors.Routing;

/// <summary>The policies by the names operators give them.</summary>
public static class PolicyCatalog
{
    /// <summary>
    /// Conversations come back with their whole past, and agents with their tools: who has it in the cache answers several times sooner. Where
    /// prompts have nothing in common it weighs the work that waits on each worker, and is no worse (docs/benchmarks.md, routing).
    /// </summary>
    public const string Default = "cache_aware";

    private static readonly FrozenDictionary<string, Func<PolicyContext, IRoutingPolicy>> Factories =
        new Dictionary<string, Func<PolicyContext, IRoutingPolicy>>
        {
            ["round_robin"] = static _ => new RoundRobinPolicy(),
            ["random"] = static context => new RandomPolicy(context.Random),
            [Default] = static context => new CacheAwarePolicy(context, TokenBlockHasher.Instance),
            ["power_of_two"] = static context => new PowerOfTwoPolicy(context.Random),
            ["passthrough"] = static _ => new PassthroughPolicy(),
            ["least_load"] = static context => new LeastLoadPolicy(context),
            ["prefix_hash"] = static context => new PrefixHashPolicy(context),
            ["consistent_hashing"] = static context => new ConsistentHashingPolicy(context.Random),
            ["manual"] = static context => new ManualPolicy(context),
            ["bucket"] = static context => new BucketPolicy(context),
            ["dp_min_token"] = static context => new DpMinTokenPolicy(context),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => Factories.Keys;

    public static bool Contains(string name) => Factories.ContainsKey(name);

    /// <summary>A policy of this name for one model, with a <see cref="RoutingKeyOverridePolicy"/> over it if the settings want one.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="context">What it is made with.</param>
    /// <param name="last">The one whose place it takes, if there was one: sessions outlast a change of policy.</param>
    /// <exception cref="ArgumentException">No policy has this name.</exception>
    public static IRoutingPolicy Create(string name, PolicyContext context, IRoutingPolicy? last = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!Factories.TryGetValue(name, out var create))
            throw new ArgumentException($"unknown policy '{name}'", nameof(name));
        var policy = create(context);
        if (!context.Settings.RoutingKeyOverride || policy is ConsistentHashingPolicy)
            return policy;
        var sessions = last switch
        {
            RoutingKeyOverridePolicy over => over.Sessions,
            ManualPolicy manual => manual,
            _ => null,
        };
        return policy is ManualPolicy own ? sessions ?? own : new RoutingKeyOverridePolicy(policy, sessions ?? new ManualPolicy(context));
    }
}
