using Gateway.Actors.Engines;

namespace Gateway.Actors.Workers;

/// <summary>What a probe made of a connected worker.</summary>
internal enum HealthVerdict
{
    /// <summary>Healthy, but not routable as long as its model is not known.</summary>
    Pending,
    Ready,
    NotReady,

    /// <summary>The connection is given up; the incarnation ends.</summary>
    Lost,
}

/// <summary>
/// The health of a connected worker as a pure state machine over its probes.
/// A refused connection ends the incarnation after <see cref="HealthSettings.FailureThreshold"/> probes in a row, and at once when
/// the request path had suspected it: two witnesses are enough. Bad answers and silence make it NotReady after as many; silence ends it
/// after <see cref="SilenceFactor"/> times as many, since a process that comes back after that is another one.
/// </summary>
internal sealed record WorkerHealth(HealthVerdict Verdict, int Successes, int Failures)
{
    public const int SilenceFactor = 3;

    public static WorkerHealth Initial { get; } = new(HealthVerdict.Pending, 0, 0);

    public WorkerHealth Next(ProbeOutcome outcome, bool modelIsKnown, bool suspected, HealthSettings settings)
    {
        if (outcome == ProbeOutcome.Healthy)
            return Succeed(modelIsKnown, settings);
        var failures = Failures + 1;
        var isLost = outcome switch
        {
            ProbeOutcome.Unreachable => suspected || failures >= settings.FailureThreshold,
            ProbeOutcome.Silent => failures >= settings.FailureThreshold * SilenceFactor,
            _ => false,
        };
        var verdict = isLost ? HealthVerdict.Lost
            : Verdict == HealthVerdict.Ready && failures >= settings.FailureThreshold ? HealthVerdict.NotReady
            : Verdict;
        return new WorkerHealth(verdict, 0, failures);
    }

    /// <summary>
    /// How long until the next probe: the interval while all is well; otherwise a backoff that doubles up to its cap or the interval,
    /// whichever is shorter.
    /// </summary>
    public TimeSpan NextProbeIn(HealthSettings settings)
    {
        if (Verdict == HealthVerdict.Ready && Failures == 0)
            return settings.Interval;
        var cap = settings.MaxRetryBackoff < settings.Interval ? settings.MaxRetryBackoff : settings.Interval;
        return Backoff.Delay(settings.RetryBackoff, cap, Math.Max(Failures, Successes) - 1);
    }

    private WorkerHealth Succeed(bool modelIsKnown, HealthSettings settings)
    {
        var successes = Successes + 1;
        var verdict = Verdict switch
        {
            HealthVerdict.Pending when modelIsKnown => HealthVerdict.Ready,
            HealthVerdict.NotReady when successes >= settings.SuccessThreshold => HealthVerdict.Ready,
            _ => Verdict,
        };
        return new WorkerHealth(verdict, successes, 0);
    }
}
