using Gateway.Host.Configuration;

namespace Gateway.Host.Serving.Retries;

/// <summary>
/// How long to wait before an attempt: exponential with full jitter, that is anything from 0 to the exponential value. It spreads
/// clients that failed together best and makes the fewest calls of the usual variants (Marc Brooker, "Exponential Backoff And Jitter",
/// AWS Architecture Blog, 2015).
/// </summary>
internal static class RetryBackoff
{
    /// <param name="retry">First and longest wait, multiplier, and jitter: 1 is full, 0 none.</param>
    /// <param name="waits">Waits before this one; 0 for the first.</param>
    /// <param name="draw">A random number, from 0 to 1.</param>
    public static TimeSpan Delay(RetryOptions retry, int waits, double draw)
    {
        // A large power is infinite, and then the cap holds.
        var exponential = Math.Min(
            retry.InitialBackoff.TotalMilliseconds * Math.Pow(retry.BackoffMultiplier, waits),
            retry.MaxBackoff.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(exponential * (1 - (retry.JitterFactor * draw)));
    }
}
