namespace Gateway.Actors.Workers;

/// <summary>What a circuit breaker does with requests.</summary>
public enum BreakerStatus
{
    /// <summary>Lets everything through.</summary>
    Closed,

    /// <summary>Lets nothing through until its time is over.</summary>
    Open,

    /// <summary>Lets a few trials through.</summary>
    HalfOpen,
}

/// <summary>
/// One immutable state of a breaker; every transition makes a new one with a higher generation or other trial counts.
/// An outcome that belongs to an earlier generation changes nothing.
/// </summary>
internal sealed record BreakerPhase(BreakerStatus Status, long Generation, TimeSpan Since, int TrialsInFlight, int TrialsWon)
{
    public static BreakerPhase Initial { get; } = new(BreakerStatus.Closed, 0, TimeSpan.Zero, 0, 0);

    public BreakerPhase Open(TimeSpan now) => new(BreakerStatus.Open, Generation + 1, now, 0, 0);

    public BreakerPhase HalfOpen(TimeSpan now) => new(BreakerStatus.HalfOpen, Generation + 1, now, 0, 0);

    public BreakerPhase Close(TimeSpan now) => new(BreakerStatus.Closed, Generation + 1, now, 0, 0);

    public BreakerPhase StartTrial() => this with { TrialsInFlight = TrialsInFlight + 1 };

    /// <summary>The phase after a trial of this generation ended.</summary>
    public BreakerPhase EndTrial(AttemptOutcome outcome, TimeSpan now, BreakerSettings settings) => outcome switch
    {
        AttemptOutcome.Failure => Open(now),
        AttemptOutcome.Success when TrialsWon + 1 >= settings.SuccessThreshold => Close(now),
        AttemptOutcome.Success => this with { TrialsInFlight = TrialsInFlight - 1, TrialsWon = TrialsWon + 1 },
        _ => this with { TrialsInFlight = TrialsInFlight - 1 },
    };
}

/// <summary>Permission to make one attempt; it ties the outcome to the breaker's state at the time.</summary>
internal readonly record struct BreakerPermit(long Generation)
{
    /// <summary>Of an attempt that was made although the breaker did not allow it: it proves nothing.</summary>
    public static BreakerPermit Unasked { get; } = new(-1);
}
