namespace Gateway.Actors.Workers;

/// <summary>How a worker is probed. These are the gateway's defaults; a worker may override each of them.</summary>
public sealed record HealthSettings
{
    public static HealthSettings Default { get; } = new();

    /// <summary>Time between two probes of a healthy worker, jittered by ±20 %.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a probe may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Successful probes in a row that make a NotReady worker Ready again; at least 1.</summary>
    public int SuccessThreshold { get; init; } = 2;

    /// <summary>Failed probes in a row that make a Ready worker NotReady, or lose its connection; at least 1.</summary>
    public int FailureThreshold { get; init; } = 3;

    /// <summary>Path of the HTTP health endpoint.</summary>
    public string Endpoint { get; init; } = "/health";

    /// <summary>A worker that is not probed is Ready once it has connected and its model is known.</summary>
    public bool Disabled { get; init; }

    /// <summary>First delay before a failed probe or a failed connection is tried again; doubled each time.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest delay before a lost worker is tried again.</summary>
    public TimeSpan MaxRetryBackoff { get; init; } = TimeSpan.FromSeconds(30);

    public HealthSettings With(HealthOverrides? overrides) => overrides is null
        ? this
        : this with
        {
            Interval = overrides.Interval ?? Interval,
            Timeout = overrides.Timeout ?? Timeout,
            SuccessThreshold = overrides.SuccessThreshold ?? SuccessThreshold,
            FailureThreshold = overrides.FailureThreshold ?? FailureThreshold,
            Disabled = overrides.Disabled ?? Disabled,
        };
}

/// <summary>What one worker overrides of the gateway's <see cref="HealthSettings"/>; null keeps the default.</summary>
public sealed record HealthOverrides
{
    public TimeSpan? Interval { get; init; }

    public TimeSpan? Timeout { get; init; }

    public int? SuccessThreshold { get; init; }

    public int? FailureThreshold { get; init; }

    public bool? Disabled { get; init; }

    /// <summary>How long its drain may last before the worker is removed with requests still running.</summary>
    public TimeSpan? DrainTimeout { get; init; }
}
