using Gateway.Actors.Routing.Peers;
using Gateway.Actors.Routing.Prefixes;

namespace Gateway.Actors.Routing;

/// <summary>What policies are made with. One for the whole gateway, so that what it holds is shared by all models.</summary>
/// <param name="Settings">The policies' settings.</param>
/// <param name="Random">Safe for concurrent use, as <see cref="System.Random.Shared"/> is.</param>
/// <param name="Time">The clock.</param>
public sealed record PolicyContext(RoutingSettings Settings, Random Random, TimeProvider Time)
{
    private readonly Lazy<PrefixTable> _prefixes = new(() => new PrefixTable(Settings.CacheAware.MemoryBytes));

    public static PolicyContext Default { get; } = new(RoutingSettings.Default, Random.Shared, TimeProvider.System);

    /// <summary>What gateways tell each other of prefixes; null if this one is alone.</summary>
    internal PrefixSharing? Sharing { get; init; }

    /// <summary>The model that a policy is made for. Its policies in other gateways know it by the same name.</summary>
    internal string Model { get; init; } = "";

    internal StickyTable Sticky { get; } = new(Settings.Manual, Time);

    /// <summary>The memory of all prefix indexes, taken when it is first asked for.</summary>
    internal PrefixTable Prefixes => _prefixes.Value;
}
