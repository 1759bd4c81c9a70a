namespace Gateway.Actors.Workers;

/// <summary>How often a breaker has gone from one status to another. Written at transitions only, which are rare.</summary>
public sealed class BreakerTransitions
{
    private long _opened;
    private long _reopened;
    private long _halfOpened;
    private long _closed;

    /// <summary>From closed to open.</summary>
    public long Opened => Volatile.Read(ref _opened);

    /// <summary>From half-open to open: a trial has failed.</summary>
    public long Reopened => Volatile.Read(ref _reopened);

    /// <summary>From open to half-open.</summary>
    public long HalfOpened => Volatile.Read(ref _halfOpened);

    /// <summary>From half-open to closed.</summary>
    public long Closed => Volatile.Read(ref _closed);

    internal void Count(BreakerStatus from, BreakerStatus to)
    {
        if (from == to)
            return;
        switch (to)
        {
            case BreakerStatus.HalfOpen:
                Interlocked.Increment(ref _halfOpened);
                break;
            case BreakerStatus.Closed:
                Interlocked.Increment(ref _closed);
                break;
            default:
                Interlocked.Increment(ref from == BreakerStatus.Closed ? ref _opened : ref _reopened);
                break;
        }
    }
}
