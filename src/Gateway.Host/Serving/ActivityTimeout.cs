namespace Gateway.Host.Serving;

/// <summary>Why a request was given up.</summary>
internal enum StopCause
{
    None,
    ClientGone,

    /// <summary>The worker did not begin to answer in time.</summary>
    FirstByte,

    /// <summary>The worker fell silent in the middle of its answer.</summary>
    Idle,

    /// <summary>The whole request took too long.</summary>
    Request,

    /// <summary>The gateway is stopping, and its grace is over.</summary>
    Shutdown,
}

/// <summary>
/// The clock of one request at a time: a token that is cancelled when the client goes, when one of the times is over, or when the
/// gateway stops. Pooled, with its timer and its cancellation source; setting a deadline is one write, since the timer is
/// not moved but looks at the deadlines when it fires, at the latest after the shortest of the configured times.
/// </summary>
internal sealed class ActivityTimeout : IDisposable
{
    private const long Never = long.MaxValue;
    private const int GenerationShift = 8;

    private readonly ActivityTimeoutPool _pool;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source = new();
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _shutdown;
    private readonly Lock _timerLock = new();
    private CancellationTokenRegistration _client;
    private bool _armed;
    private bool _active;

    // The generation of use above, the StopCause below: whoever sets a cause does it for the use that it looked at, or not at all.
    private long _state;
    private long _waitDeadline = Never;
    private long _requestDeadline = Never;
    private StopCause _waitingFor;

    // Of the request's own course alone, so plain: timers and other threads look at neither.
    private long _waitingSince;
    private long _waited;

    public ActivityTimeout(ActivityTimeoutPool pool, TimeProvider time, CancellationToken shutdown)
    {
        _pool = pool;
        _time = time;
        _timer = time.CreateTimer(static self => ((ActivityTimeout)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // Once for the life of this object, not for each request.
        _shutdown = shutdown.UnsafeRegister(static self => ((ActivityTimeout)self!).Stop(StopCause.Shutdown), this);
    }

    public CancellationToken Token => _source.Token;

    public StopCause Cause => (StopCause)(Volatile.Read(ref _state) & ((1 << GenerationShift) - 1));

    /// <summary>What is left of the time for the whole request.</summary>
    public TimeSpan Remaining =>
        TimeSpan.FromSeconds((Volatile.Read(ref _requestDeadline) - _time.GetTimestamp()) / (double)_time.TimestampFrequency);

    /// <summary>The clock's time now.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>When the worker was waited for last: <see cref="Pause"/> sets it.</summary>
    public long PausedAt { get; private set; }

    /// <summary>For how long the worker has been waited for in all, in the clock's ticks, as far as a <see cref="Pause"/> has ended it.</summary>
    public long Waited => _waited;

    /// <summary>Begins a request's use of this object.</summary>
    public void Start(CancellationToken clientGone)
    {
        var state = Volatile.Read(ref _state);
        Volatile.Write(ref _waitDeadline, Never);
        _waitingSince = 0;
        _waited = 0;
        Volatile.Write(ref _requestDeadline, _time.GetTimestamp() + _pool.RequestTicks);
        Volatile.Write(ref _state, ((state >> GenerationShift) + 1) << GenerationShift);
        lock (_timerLock)
        {
            _active = true;
            Arm(_pool.ShortestTicks);
        }

        if (_pool.GraceEnded.IsCancellationRequested)
            Stop(StopCause.Shutdown);
        _client = clientGone.UnsafeRegister(static self => ((ActivityTimeout)self!).Stop(StopCause.ClientGone), this);
    }

    /// <summary>From now on the worker's first byte is awaited.</summary>
    public void AwaitFirstByte() => Await(StopCause.FirstByte, _pool.FirstByteTicks);

    /// <summary>From now on the next piece of the worker's answer is awaited.</summary>
    public void AwaitMore() => Await(StopCause.Idle, _pool.IdleTicks);

    /// <summary>The worker is waited for again, without a deadline of its own.</summary>
    public void Resume()
    {
        if (_waitingSince == 0)
            _waitingSince = _time.GetTimestamp();
    }

    /// <summary>The worker is not being waited for: it has answered, or it is the client who is slow.</summary>
    public void Pause()
    {
        Volatile.Write(ref _waitDeadline, Never);
        if (_waitingSince == 0)
            return;
        PausedAt = _time.GetTimestamp();
        _waited += PausedAt - _waitingSince;
        _waitingSince = 0;
    }

    /// <summary>Ends the request's use of this object; it must not be touched afterwards.</summary>
    public void Dispose()
    {
        // Waits for a callback that is running.
        _client.Dispose();
        lock (_timerLock)
            _active = false;
        var state = Volatile.Read(ref _state);
        var untouched = Cause == StopCause.None
            && Interlocked.CompareExchange(ref _state, ((state >> GenerationShift) + 1) << GenerationShift, state) == state;
        if (untouched && _source.TryReset())
            _pool.Return(this);
        else
            Discard();
    }

    /// <summary>Ends the life of this object.</summary>
    public void Discard()
    {
        _shutdown.Dispose();
        _timer.Dispose();
        _source.Dispose();
    }

    private void Await(StopCause what, long ticks)
    {
        var now = _time.GetTimestamp();
        // An attempt that failed has not paused.
        if (_waitingSince != 0)
            _waited += now - _waitingSince;
        _waitingSince = now;
        _waitingFor = what;
        Volatile.Write(ref _waitDeadline, now + ticks);
    }

    private void Stop(StopCause cause)
    {
        var state = Volatile.Read(ref _state);
        if (IsActive)
            Stop(cause, state);
    }

    private bool IsActive
    {
        get
        {
            lock (_timerLock)
                return _active;
        }
    }

    private void Stop(StopCause cause, long state)
    {
        if ((state & ((1 << GenerationShift) - 1)) == 0
            && Interlocked.CompareExchange(ref _state, state | (long)cause, state) == state)
            _source.Cancel();
    }

    private void OnTimer()
    {
        var state = Volatile.Read(ref _state);
        var now = _time.GetTimestamp();
        var wait = Volatile.Read(ref _waitDeadline);
        var request = Volatile.Read(ref _requestDeadline);
        lock (_timerLock)
        {
            _armed = false;
            if (!_active)
                return;
            if (now < wait && now < request)
            {
                Arm(Math.Min(_pool.ShortestTicks, Math.Min(wait, request) - now));
                return;
            }
        }

        Stop(now >= wait ? _waitingFor : StopCause.Request, state);
    }

    private void Arm(long ticks)
    {
        if (_armed)
            return;
        _armed = true;
        // Rounded up, so that it doesn't fire just before the deadline.
        var milliseconds = Math.Ceiling(ticks * 1000.0 / _time.TimestampFrequency);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(milliseconds, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }
}
