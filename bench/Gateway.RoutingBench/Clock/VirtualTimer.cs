namespace Gateway.RoutingBench.Clock;

/// <summary>A timer of <see cref="VirtualTime"/>. A change leaves the old entry in the plan, where it finds itself outdated.</summary>
internal sealed class VirtualTimer : ITimer
{
    private readonly VirtualTime _time;
    private readonly Action _action;
    private TimeSpan _period;
    private int _version;

    public VirtualTimer(VirtualTime time, Action action, TimeSpan dueTime, TimeSpan period)
    {
        _time = time;
        _action = action;
        Change(dueTime, period);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        Plan(dueTime);
        return true;
    }

    public void Dispose() => _version++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Plan(TimeSpan wait)
    {
        var version = ++_version;
        if (wait != Timeout.InfiniteTimeSpan)
            _time.After(wait, () => Fire(version));
    }

    private void Fire(int version)
    {
        if (version != _version)
            return;
        if (_period > TimeSpan.Zero)
            Plan(_period);
        _action();
    }
}
