namespace Gateway.RoutingBench.Clock;

/// <summary>
/// The clock that one engine gets: after each of its wake-ups the bench looks at what has become of the requests on it. Waiting
/// for a generation as a server does would bring in the thread pool, and with it chance.
/// </summary>
internal sealed class EngineClock(VirtualTime time, Action afterWakeUp) : TimeProvider
{
    public override long TimestampFrequency => time.TimestampFrequency;

    public override long GetTimestamp() => time.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(
            inner =>
            {
                callback(inner);
                afterWakeUp();
            },
            state,
            dueTime,
            period);
}
