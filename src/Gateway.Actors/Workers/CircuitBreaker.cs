namespace Gateway.Actors.Workers;

/// <summary>
/// Lock-free circuit breaker of one incarnation. Closed: outcomes go into a sliding window; it opens after
/// <see cref="BreakerSettings.FailureThreshold"/> failures in a row, or when the window holds that many and they are more than
/// <see cref="BreakerSettings.FailureRate"/> of all. Open: refuses for <see cref="BreakerSettings.OpenDuration"/>, then half-open:
/// a limited number of trials, of which <see cref="BreakerSettings.SuccessThreshold"/> in a row close it and one failure reopens it.
/// Back-pressure and cancellation count for nothing.
/// </summary>
public sealed class CircuitBreaker
{
    private readonly BreakerSettings _settings;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly SlidingWindow _window;
    private BreakerPhase _phase = BreakerPhase.Initial;
    private int _consecutiveFailures;

    public CircuitBreaker(BreakerSettings settings, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        _settings = settings;
        _time = time;
        _start = time.GetTimestamp();
        _window = new SlidingWindow(settings.Window);
        SlowStart = new SlowStart(settings.SlowStart, time);
    }

    public BreakerStatus Status => Volatile.Read(ref _phase).Status;

    public BreakerTransitions Transitions { get; } = new();

    /// <summary>Failures since the last success.</summary>
    public int ConsecutiveFailures => Volatile.Read(ref _consecutiveFailures);

    /// <summary>True if an attempt would be let through now. Has no effect, so that policies may ask it of every candidate.</summary>
    public bool Allows
    {
        get
        {
            var phase = Volatile.Read(ref _phase);
            return phase.Status switch
            {
                BreakerStatus.Closed => true,
                BreakerStatus.Open => Now - phase.Since >= _settings.OpenDuration,
                _ => phase.TrialsInFlight < _settings.MaxTrials,
            };
        }
    }

    /// <summary>Begins when it closes again.</summary>
    internal SlowStart SlowStart { get; }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Asks to make an attempt. Each permit must be given back with <see cref="Record"/> exactly once.</summary>
    internal bool TryEnter(out BreakerPermit permit)
    {
        while (true)
        {
            var phase = Volatile.Read(ref _phase);
            if (phase.Status == BreakerStatus.Closed)
            {
                permit = new BreakerPermit(phase.Generation);
                return true;
            }

            var now = Now;
            var next = phase.Status == BreakerStatus.Open ? phase.HalfOpen(now) : phase;
            if ((phase.Status == BreakerStatus.Open && now - phase.Since < _settings.OpenDuration)
                || next.TrialsInFlight >= _settings.MaxTrials)
            {
                permit = default;
                return false;
            }

            next = next.StartTrial();
            if (Interlocked.CompareExchange(ref _phase, next, phase) == phase)
            {
                Transitions.Count(phase.Status, next.Status);
                permit = new BreakerPermit(next.Generation);
                return true;
            }
        }
    }

    internal void Record(BreakerPermit permit, AttemptOutcome outcome)
    {
        if (_settings.Disabled)
            return;
        while (true)
        {
            var phase = Volatile.Read(ref _phase);
            if (phase.Generation != permit.Generation)
                return;
            if (phase.Status == BreakerStatus.Closed)
            {
                RecordClosed(phase, outcome);
                return;
            }

            var next = phase.EndTrial(outcome, Now, _settings);
            if (Interlocked.CompareExchange(ref _phase, next, phase) != phase)
                continue;
            Transitions.Count(phase.Status, next.Status);
            if (next.Status == BreakerStatus.Closed)
            {
                Forget();
                SlowStart.Begin();
            }

            return;
        }
    }

    private void RecordClosed(BreakerPhase phase, AttemptOutcome outcome)
    {
        if (outcome == AttemptOutcome.Success)
        {
            _window.RecordSuccess(Now);
            // Written only when it changes: this word is shared by all requests of the worker.
            if (Volatile.Read(ref _consecutiveFailures) != 0)
                Volatile.Write(ref _consecutiveFailures, 0);
        }
        else if (outcome == AttemptOutcome.Failure)
        {
            var now = Now;
            _window.RecordFailure(now);
            if (ShouldOpen(Interlocked.Increment(ref _consecutiveFailures), now)
                && Interlocked.CompareExchange(ref _phase, phase.Open(now), phase) == phase)
                Transitions.Count(BreakerStatus.Closed, BreakerStatus.Open);
        }
    }

    private bool ShouldOpen(int consecutiveFailures, TimeSpan now)
    {
        if (consecutiveFailures >= _settings.FailureThreshold)
            return true;
        var (successes, failures) = _window.Sum(now);
        return failures >= _settings.FailureThreshold && failures > _settings.FailureRate * (successes + failures);
    }

    private void Forget()
    {
        _window.Clear();
        Volatile.Write(ref _consecutiveFailures, 0);
    }
}
