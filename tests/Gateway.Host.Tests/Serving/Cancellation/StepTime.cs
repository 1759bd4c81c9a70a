using System.Collections.Concurrent;

namespace Gateway.Host.Tests.Serving.Cancellation;

/// <summary>
/// Time that stands still. A timer for one of the named spans rings once its wait has been passed, however long the span is; all other
/// timers never do: nothing takes too long here.
/// </summary>
/// <param name="named">What is waited for, by its span.</param>
internal sealed class StepTime(IReadOnlyDictionary<TimeSpan, string> named) : TimeProvider
{
    private readonly ConcurrentDictionary<string, Task<bool>> _rings = new();
    private Steps? _steps;
    private Func<string, Action?>? _instead;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Begins with the next request.</summary>
    /// <param name="steps">Its waits.</param>
    /// <param name="instead">What happens at the end of a wait instead of what the timer is for, if anything does.</param>
    public void Begin(Steps steps, Func<string, Action?> instead)
    {
        _rings.Clear();
        _steps = steps;
        _instead = instead;
    }

    /// <summary>True if a timer for this has rung; false if there was none, or the client left before.</summary>
    public Task<bool> HasRungAsync(string place) => _rings.GetValueOrDefault(place) ?? Task.FromResult(false);

    public override long GetTimestamp() => 0;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new StepTimer();
        if (named.TryGetValue(dueTime, out var place))
            _rings[place] = Task.Run(() => RingAsync(timer, place, _instead!(place) ?? (() => callback(state))));
        return timer;
    }

    private async Task<bool> RingAsync(StepTimer timer, string place, Action ring)
    {
        await _steps!.PassAsync(place);
        if (_steps.IsOver || timer.IsDisposed)
            return false;
        ring();
        return true;
    }

    private sealed class StepTimer : ITimer
    {
        private volatile bool _isDisposed;

        public bool IsDisposed => _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => !_isDisposed;

        public void Dispose() => _isDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
