namespace Gateway.Tests.Shared;

/// <summary>
/// Time that passes only when a test says so. Timers fire in order, each at its own moment, on the thread that lets the time pass. Servers may
/// start timers and read the clock meanwhile.
/// </summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public int ArmedTimers
    {
        get
        {
            lock (_lock)
                return _timers.Count(static timer => timer.Due is not null);
        }
    }

    private TimeSpan Now
    {
        get
        {
            lock (_lock)
                return _now;
        }
    }

    public override long GetTimestamp() => Now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_lock)
            _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        var end = Now + time;
        while (TakeNext(end) is { } next)
            next.Fire();
    }

    public void AdvanceMilliseconds(int milliseconds) => Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Lets time pass until nothing waits for it.</summary>
    public void RunToEnd()
    {
        while (NextDue() is { } due)
            Advance(due - Now);
    }

    private TimeSpan? NextDue()
    {
        lock (_lock)
            return _timers.Min(static timer => timer.Due);
    }

    /// <returns>The timer that fires next, at its moment, disarmed or armed for its next period; null at the end, if none is due until then.</returns>
    private ManualTimer? TakeNext(TimeSpan end)
    {
        lock (_lock)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(static timer => timer.Due);
            _now = next?.Due ?? end;
            if (next is not null)
                next.Due += next.Period;
            return next;
        }
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        /// <summary>Under the lock.</summary>
        public TimeSpan? Due { get; set; }

        /// <summary>Null for one that fires once. Under the lock.</summary>
        public TimeSpan? Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime;
                Period = period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero ? null : period;
            }

            return true;
        }

        public void Fire() => fire();

        public void Dispose()
        {
            lock (time._lock)
                Due = null;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
