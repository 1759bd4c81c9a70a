namespace Gateway.Host.Admission;

/// <summary>
/// How many requests of one kind (all, a tenant's, a model's) run at once, and how many may. The count never exceeds the limit,
/// not even for a moment: it is taken by compare-and-swap, so that nobody is turned away by a place that is just being given back.
/// </summary>
/// <param name="limit">0 or less sets none.</param>
internal sealed class ConcurrencyLimit(int limit)
{
    private int _limit = limit;
    private int _running;
    private int _waiting;

    /// <summary>May change while requests run; a smaller one is reached by those that leave. 0 or less sets none.</summary>
    public int Limit
    {
        get => Volatile.Read(ref _limit);
        set => Volatile.Write(ref _limit, value);
    }

    /// <summary>The smaller of two limits, either of which may be none.</summary>
    /// <param name="configured">0 or less sets none.</param>
    /// <param name="known">Null sets none.</param>
    public static int Least(int configured, int? known) => known switch
    {
        null => configured,
        { } limit => configured > 0 ? Math.Min(limit, configured) : limit,
    };

    public int Running => Volatile.Read(ref _running);

    /// <summary>Who runs and who waits for it.</summary>
    public int Demand => Running + Volatile.Read(ref _waiting);

    public bool HasRoom => HasRoomBeside(Running);

    /// <summary>True if a request waits that this limit applies to. Whoever comes now must not overtake it.</summary>
    public bool HasWaiters => Volatile.Read(ref _waiting) != 0;

    public bool TryTake()
    {
        var running = Running;
        while (HasRoomBeside(running))
        {
            var seen = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (seen == running)
                return true;
            running = seen;
        }

        return false;
    }

    public void Release() => Interlocked.Decrement(ref _running);

    /// <summary>A full fence: who counts himself first and looks for room then cannot be missed by who makes room first and looks for waiters then.</summary>
    public void AddWaiter() => Interlocked.Increment(ref _waiting);

    public void RemoveWaiter() => Interlocked.Decrement(ref _waiting);

    private bool HasRoomBeside(int running)
    {
        var limit = Limit;
        return limit <= 0 || running < limit;
    }
}
