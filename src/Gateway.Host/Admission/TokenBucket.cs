namespace Gateway.Host.Admission;

/// <summary>
/// A bucket that holds so much and refills evenly within a minute. Its whole state is the moment at which it will be full again
/// (the "generic cell rate algorithm" of ITU-T I.371, turned around), one number that is changed by compare-and-swap.
/// </summary>
/// <remarks>
/// Not System.Threading.RateLimiting's TokenBucketRateLimiter: it cannot give back or charge more afterwards what was only
/// estimated, it has no <see cref="TimeProvider"/>, and it takes a lock and allocates to be asked how much is left.
/// </remarks>
/// <param name="perMinute">What it holds and what it gets in a minute; 1 or more.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(int perMinute, TimeProvider time)
{
    private readonly long _minute = 60 * time.TimestampFrequency;
    private long _fullAt = time.GetTimestamp();

    public int Limit { get; } = perMinute;

    public long Remaining => Math.Max(0, (_minute - Missing) * Limit / _minute);

    /// <summary>How long until it is full, if nobody takes anything.</summary>
    public TimeSpan UntilFull => ToTime(Missing);

    private long Missing => Math.Max(0, Volatile.Read(ref _fullAt) - time.GetTimestamp());

    /// <summary>Takes so much, or nothing.</summary>
    /// <param name="amount">At most <see cref="Limit"/>: more would never be there.</param>
    /// <param name="wait">If it fails: how long until there is enough.</param>
    public bool TryTake(long amount, out TimeSpan wait)
    {
        var cost = Cost(amount);
        var now = time.GetTimestamp();
        var fullAt = Volatile.Read(ref _fullAt);
        while (true)
        {
            var next = Math.Max(fullAt, now) + cost;
            if (next - now > _minute)
            {
                wait = ToTime(next - now - _minute);
                return false;
            }

            var seen = Interlocked.CompareExchange(ref _fullAt, next, fullAt);
            if (seen == fullAt)
            {
                wait = TimeSpan.Zero;
                return true;
            }

            fullAt = seen;
        }
    }

    /// <summary>Takes so much whether it is there or not; the bucket may then owe. If less than 0, gives back.</summary>
    public void Charge(long amount)
    {
        var cost = amount < 0 ? -Cost(-amount) : Cost(amount);
        var fullAt = Volatile.Read(ref _fullAt);
        while (true)
        {
            // What was full before is not made fuller.
            var next = Math.Max(fullAt, time.GetTimestamp()) + cost;
            var seen = Interlocked.CompareExchange(ref _fullAt, next, fullAt);
            if (seen == fullAt)
                return;
            fullAt = seen;
        }
    }

    /// <summary>Rounded down, so that the whole amount always fits.</summary>
    private long Cost(long amount) => (long)((Int128)amount * _minute / Limit);

    private TimeSpan ToTime(long ticks) => time.GetElapsedTime(0, ticks);
}
