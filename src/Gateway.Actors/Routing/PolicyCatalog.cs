using System.Collections.Frozen;
using Gateway.Actors.Routing.Prefixes;

namespace Gateway.Actors.Routing;

/// <summary>The policies by the names operators give them.</summary>
public static class PolicyCatalog
{
    public const string Default = "power_of_two";

    private static readonly FrozenDictionary<string, Func<PolicyContext, IRoutingPolicy>> Factories =
        new Dictionary<string, Func<PolicyContext, IRoutingPolicy>>
        {
            ["round_robin"] = static _ => new RoundRobinPolicy(),
            ["random"] = static context => new RandomPolicy(context.Random),
            ["cache_aware"] = static context => new CacheAwarePolicy(context, TokenBlockHasher.Instance),
            [Default] = static context => new PowerOfTwoPolicy(context.Random),
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

    /// <summary>A policy of this name for one model.</summary>
    /// <exception cref="ArgumentException">No policy has this name.</exception>
    public static IRoutingPolicy Create(string name, PolicyContext context) =>
        Factories.TryGetValue(name, out var create)
            ? create(context)
            : throw new ArgumentException($"unknown policy '{name}'", nameof(name));
}
