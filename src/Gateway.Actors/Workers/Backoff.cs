namespace Gateway.Actors.Workers;

/// <summary>Capped exponential backoff, and the jitter that keeps a fleet's timers apart.</summary>
internal static class Backoff
{
    /// <summary>Share by which a jittered time may be shorter or longer.</summary>
    private const double Spread = 0.2;

    /// <param name="first">The delay for <paramref name="attempt"/> 0 or less; doubled with each further one.</param>
    /// <param name="cap">The longest delay.</param>
    /// <param name="attempt">Failed attempts before this one.</param>
    public static TimeSpan Delay(TimeSpan first, TimeSpan cap, int attempt)
    {
        // 2^30 times any delay that makes sense is beyond any cap.
        var delay = first * (1 << Math.Clamp(attempt, 0, 30));
        return delay < cap ? delay : cap;
    }

    /// <summary>The time ± 20 %.</summary>
    public static TimeSpan Jitter(TimeSpan time, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return time * (1 - Spread + (2 * Spread * random.NextDouble()));
    }
}
