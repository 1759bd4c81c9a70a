namespace Gateway.Host.Admission;

/// <summary>
/// A bucket that holds so much and refills evenly within a minute. Its whole state is the moment at which it will be full again
/// (the "generic cell rate algorithm" of ITU-T I.371, turned around), one number that is changed by compare-and-swap.
/// Where several gateways keep one limit, each has its share of it, see <see cref="Resize"/>.
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
    private double _size = perMinute;
    private long _demand;

    /// <summary>What all gateways together may give out in a minute.</summary>
    public int Limit { get; } = perMinute;

    /// <summary>What is left of the limit, if the other gateways have as much of their shares left as this one has of its own.</summary>
    public long Remaining => Math.Max(0, (_minute - Missing) * Limit / _minute);

    /// <summary>True to count what is asked for; see <see cref="TakeDemand"/>.</summary>
    public bool CountsDemand { get; set; }

    /// <summary>How long until it is full, if nobody takes anything.</summary>
    public TimeSpan UntilFull => ToTime(Missing);

    private long Missing => Math.Max(0, Volatile.Read(ref _fullAt) - time.GetTimestamp());

    /// <summary>Takes so much, or nothing.</summary>
    /// <param name="amount">At most <see cref="Limit"/>: more would never be there.</param>
    /// <param name="wait">If it fails: how long until there is enough.</param>
    public bool TryTake(long amount, out TimeSpan wait)
    {
        if (CountsDemand)
            Interlocked.Add(ref _demand, amount);
        var cost = Cost(amount);
        // A share may hold less than that: then it must be full, and owes the rest.
        var room = Math.Max(_minute, cost);
        var now = time.GetTimestamp();
        var fullAt = Volatile.Read(ref _fullAt);
        while (true)
        {
            var next = Math.Max(fullAt, now) + cost;
            if (next - now > room)
            {
                wait = ToTime(next - now - room);
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

    /// <summary>
    /// Gives this bucket another share of the limit: it refills as fast as it is large. What is in it, or what it owes, stays the same as far
    /// as it fits: nothing is made of nothing when shares move from one gateway to another.
    /// </summary>
    /// <param name="size">What it holds and what it gets in a minute; more than 0, at most <see cref="Limit"/>.</param>
    public void Resize(double size)
    {
        var before = Volatile.Read(ref _size);
        if (size == before)
            return;
        Volatile.Write(ref _size, size);
        var fullAt = Volatile.Read(ref _fullAt);
        while (true)
        {
            var now = time.GetTimestamp();
            var left = (_minute - Math.Max(0, fullAt - now)) * (before / size);
            var next = now + _minute - (long)Math.Min(left, _minute);
            var seen = Interlocked.CompareExchange(ref _fullAt, next, fullAt);
            if (seen == fullAt)
                return;
            fullAt = seen;
        }
    }

    /// <summary>What was asked for since the last call, given or not.</summary>
    public long TakeDemand() => Interlocked.Exchange(ref _demand, 0);

    /// <summary>Rounded down, so that the whole amount always fits.</summary>
    private long Cost(long amount)
    {
        var size = Volatile.Read(ref _size);
        return size == Limit ? (long)((Int128)amount * _minute / Limit) : (long)(amount * (_minute / size));
    }

    private TimeSpan ToTime(long ticks) => time.GetElapsedTime(0, ticks);
}
