namespace Gateway.Actors.Routing;

/// <summary>Of <see cref="BucketPolicy"/>.</summary>
public sealed record BucketSettings
{
    /// <summary>How often the ranges of prompt lengths are cut anew; what was seen before then counts for half.</summary>
    public TimeSpan CutInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests in flight by which the busiest worker must exceed the idlest for lengths to be disregarded.</summary>
    public int BalanceAbsThreshold { get; init; } = 64;

    /// <summary>How many times the idlest worker's requests in flight the busiest must have, as well.</summary>
    public double BalanceRelThreshold { get; init; } = 1.5;
}
