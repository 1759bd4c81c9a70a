using System.Collections.Frozen;

namespace Gateway.Actors.Routing;

/// <summary>The policies by the names operators give them.</summary>
public static class PolicyCatalog
{
    public const string Default = "power_of_two";

    private static readonly FrozenDictionary<string, Func<IRoutingPolicy>> Factories =
        new Dictionary<string, Func<IRoutingPolicy>>
        {
            ["round_robin"] = static () => new RoundRobinPolicy(),
            ["random"] = static () => new RandomPolicy(Random.Shared),
            [Default] = static () => new PowerOfTwoPolicy(Random.Shared),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => Factories.Keys;

    /// <summary>A policy of this name for one model.</summary>
    /// <exception cref="ArgumentException">No policy has this name.</exception>
    public static IRoutingPolicy Create(string name) =>
        Factories.TryGetValue(name, out var create)
            ? create()
            : throw new ArgumentException($"unknown policy '{name}'", nameof(name));
}
