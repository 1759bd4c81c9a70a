namespace Gateway.Actors.Workers;

/// <summary>What one worker overrides of the retry settings, for requests that have just failed on it, or one model for all of its own; null keeps what is.</summary>
public sealed record RetryOverrides
{
    public bool? Disabled { get; init; }

    /// <summary>Attempts in all, the first included.</summary>
    public int? MaxAttempts { get; init; }

    public TimeSpan? InitialBackoff { get; init; }

    public TimeSpan? MaxBackoff { get; init; }

    public double? BackoffMultiplier { get; init; }

    /// <summary>0 to 1.</summary>
    public double? JitterFactor { get; init; }

    /// <summary>Null keeps the default; an empty list retries no status.</summary>
    public EquatableArray<int>? StatusCodes { get; init; }
}
