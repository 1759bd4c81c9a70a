namespace Gateway.Actors.Workers;

/// <summary>When a worker's circuit breaker opens and closes. The gateway's defaults; a worker may override each.</summary>
public sealed record BreakerSettings
{
    public static BreakerSettings Default { get; } = new();

    public bool Disabled { get; init; }

    /// <summary>Failures in a row, or failures within the window at <see cref="FailureRate"/>, that open the breaker.</summary>
    public int FailureThreshold { get; init; } = 10;

    /// <summary>Share of failures among the outcomes in the window, 0 to 1, above which it opens.</summary>
    public double FailureRate { get; init; } = 0.5;

    /// <summary>Successful trials in a row that close a half-open breaker.</summary>
    public int SuccessThreshold { get; init; } = 3;

    /// <summary>How long an open breaker refuses before it lets trials through.</summary>
    public TimeSpan OpenDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Length of the sliding window over which failures are counted.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Trials that may be in flight at once while half-open.</summary>
    public int MaxTrials { get; init; } = 3;

    /// <summary>How long a worker that has become ready, or whose breaker has closed again, is spared; zero for not at all.</summary>
    public TimeSpan SlowStart { get; init; } = TimeSpan.FromSeconds(10);

    public BreakerSettings With(BreakerOverrides? overrides) => overrides is null
        ? this
        : this with
        {
            Disabled = overrides.Disabled ?? Disabled,
            FailureThreshold = overrides.FailureThreshold ?? FailureThreshold,
            SuccessThreshold = overrides.SuccessThreshold ?? SuccessThreshold,
            OpenDuration = overrides.OpenDuration ?? OpenDuration,
            Window = overrides.Window ?? Window,
        };
}

/// <summary>What one worker overrides of the gateway's <see cref="BreakerSettings"/>; null keeps the default.</summary>
public sealed record BreakerOverrides
{
    public bool? Disabled { get; init; }

    public int? FailureThreshold { get; init; }

    public int? SuccessThreshold { get; init; }

    public TimeSpan? OpenDuration { get; init; }

    public TimeSpan? Window { get; init; }
}
