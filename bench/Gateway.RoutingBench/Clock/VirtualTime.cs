namespace Gateway.RoutingBench.Clock;

/// <summary>
/// A clock that stands still while things happen and jumps to the next that is due. What is due at one moment happens in the order
/// in which it was planned, so a run depends on nothing but its seed. One thread only.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly PriorityQueue<Action, (long Due, long Order)> _plan = new();
    private long _now;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Since the start.</summary>
    public TimeSpan Now => new(_now);

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => _start + Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new VirtualTimer(this, () => callback(state), dueTime, period);

    public void After(TimeSpan wait, Action action) => At(Now + wait, action);

    public void At(TimeSpan due, Action action) => _plan.Enqueue(action, (Math.Max(_now, due.Ticks), _order++));

    /// <summary>Lets everything happen that is due until then; the clock stands at <paramref name="end"/> afterwards.</summary>
    public void RunUntil(TimeSpan end)
    {
        while (_plan.TryPeek(out _, out var next) && next.Due <= end.Ticks)
        {
            var action = _plan.Dequeue();
            _now = next.Due;
            action();
        }

        _now = end.Ticks;
    }
}
