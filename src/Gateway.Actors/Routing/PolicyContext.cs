namespace Gateway.Actors.Routing;

/// <summary>What policies are made with. One for the whole gateway, so that what it holds is shared by all models.</summary>
/// <param name="Settings">The policies' settings.</param>
/// <param name="Random">Safe for concurrent use, as <see cref="System.Random.Shared"/> is.</param>
/// <param name="Time">The clock.</param>
public sealed record PolicyContext(RoutingSettings Settings, Random Random, TimeProvider Time)
{
    public static PolicyContext Default { get; } = new(RoutingSettings.Default, Random.Shared, TimeProvider.System);

    internal StickyTable Sticky { get; } = new(Settings.Manual, Time);
}
