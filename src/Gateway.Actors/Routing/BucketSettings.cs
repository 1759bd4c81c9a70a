namespace Gateway.Actors.Routing;

/// <summary>Of <see cref="BucketPolicy"/>.</summary>
public sealed record BucketSettings
{
    /// <summary>How often the ranges of prompt lengths are cut anew; what was seen before then counts for half.</summary>
    public TimeSpan CutInterval { get; init; } = TimeSpan.FromSeconds(5);
}
