namespace Gateway.Simulator.Engine;

/// <summary>
/// One life of an engine: scheduler and KV cache behind a lock, woken by one timer that is armed only while there is work.
/// An idle engine has no thread and no running timer.
/// </summary>
internal sealed class SimulatedEngine : IDisposable
{
    // The system's timers count in whole milliseconds and round down; a wake-up just before its time would come in vain.
    private static readonly TimeSpan _timerStep = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly SimulatorOptions _options;
    private readonly SimulatorStats _stats;
    private readonly int _rank;
    private readonly KvJournal? _journal;
    private readonly KvCache _cache;
    private readonly BatchScheduler _scheduler;
    private readonly HashSet<Generation> _live = [];
    private readonly long _epoch;
    private ITimer? _timer;
    private int _expecting;
    private bool _stopped;

    /// <param name="events">Told of what happens in the prefix cache.</param>
    public SimulatedEngine(SimulatorOptions options, SimulatorStats stats, int rank = 0, KvEventLog? events = null)
    {
        _options = options;
        _stats = stats;
        _rank = rank;
        _journal = events is null ? null : new KvJournal(events, rank, options.KvBlockTokens);
        _cache = new KvCache(options.KvCapacityTokens, options.KvBlockTokens, _journal);
        _scheduler = new BatchScheduler(options, _cache, stats, Computed);
        _epoch = options.TimeProvider.GetTimestamp();
    }

    /// <summary>Its data-parallel rank.</summary>
    public int Rank => _rank;

    public EngineLoad Load
    {
        get
        {
            lock (_lock)
            {
                return new EngineLoad(
                    _scheduler.Running,
                    Waiting,
                    _scheduler.WaitingTokens,
                    _cache.UsedTokens,
                    _cache.OccupiedTokens,
                    _cache.CapacityTokens);
            }
        }
    }

    // SGLang counts a request that waits for its keys and values as a waiting one.
    private int Waiting => _scheduler.Waiting + _expecting;

    private TimeSpan Now => _options.TimeProvider.GetElapsedTime(_epoch);

    /// <summary>Multiplies the time of everything from the next step on.</summary>
    public void SlowDown(double factor)
    {
        lock (_lock)
            _scheduler.Slowdown = factor;
    }

    /// <summary>Takes a request in. Prompt and answer together must fit the KV cache.</summary>
    /// <param name="answers">One for each choice; at least one.</param>
    /// <exception cref="EngineStoppedException">It has crashed or been stopped.</exception>
    public Generation Submit(string id, int[] prompt, IReadOnlyList<Answer> answers, GenerationPart part = GenerationPart.Whole)
    {
        var generation = new Generation(this, id, prompt, answers, _options.KvBlockTokens, part);
        lock (_lock)
        {
            if (_stopped)
                throw new EngineStoppedException();
            _live.Add(generation);
            _stats.CountStart(_rank, part);
            if (part == GenerationPart.Decode)
                Expect(generation);
            else
                _scheduler.Enqueue(generation.Sequences, Now);
            Update();
        }

        return generation;
    }

    /// <summary>Begins a decode: its keys and values have come. Does nothing if it has begun or ended.</summary>
    public void Receive(Generation generation)
    {
        lock (_lock)
        {
            if (!generation.IsExpecting)
                return;
            ExpectNoMore(generation, handedOver: true);
            _scheduler.Enqueue(generation.Sequences, Now);
            Update();
        }
    }

    /// <summary>Ends a generation early; does nothing if it has ended.</summary>
    public void End(Generation generation, GenerationEnd end)
    {
        lock (_lock)
        {
            EndLive(generation, end);
            Update();
        }
    }

    /// <summary>Aborts by request id, which matches as a prefix as SGLang's does; an empty one matches all.</summary>
    public int AbortByIdPrefix(string prefix) => Abort(id => id.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Aborts by the whole request id, as vLLM does.</summary>
    public int AbortById(string id) => Abort(other => other == id);

    /// <summary>Forgets all prefixes that no running sequence uses.</summary>
    public void FlushCache()
    {
        lock (_lock)
        {
            _cache.Flush();
            _journal?.Tell();
        }
    }

    /// <summary>The process is gone: all that runs is lost, and nothing more is taken in.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopped)
                return;
            _stopped = true;
            _timer?.Dispose();
            _stats.SetLoad(_rank, 0, 0, 0);
            foreach (var generation in _live)
            {
                ExpectNoMore(generation, handedOver: false);
                Settle(generation, GenerationEnd.Failed);
            }

            _live.Clear();
        }
    }

    private int Abort(Func<string, bool> isMeant)
    {
        lock (_lock)
        {
            var matches = _live.Where(generation => isMeant(generation.Id)).ToList();
            foreach (var generation in matches)
                EndLive(generation, GenerationEnd.Aborted);
            Update();
            return matches.Count;
        }
    }

    private void EndLive(Generation generation, GenerationEnd end)
    {
        if (!_live.Remove(generation))
            return;
        _scheduler.Remove(generation.Sequences, Now);
        ExpectNoMore(generation, handedOver: false);
        ReportLoad();
        Settle(generation, end);
    }

    private void Computed(Generation generation)
    {
        generation.MarkComputed();
        if (generation.Part == GenerationPart.Prefill)
            return;
        _live.Remove(generation);
        ReportLoad();
        Settle(generation, GenerationEnd.Finished);
    }

    private void Expect(Generation generation)
    {
        generation.IsExpecting = true;
        _expecting += generation.Sequences.Count;
    }

    private void ExpectNoMore(Generation generation, bool handedOver)
    {
        if (!generation.IsExpecting)
            return;
        generation.IsExpecting = false;
        _expecting -= generation.Sequences.Count;
        _stats.CloseRoom(handedOver);
    }

    /// <summary>Comes after the report of the load: whoever sees the end counted must find its slots free.</summary>
    private void Settle(Generation generation, GenerationEnd end)
    {
        if (generation.Part == GenerationPart.Prefill)
            _stats.CloseRoom(end == GenerationEnd.Finished);
        _stats.CountEnd(end);
        generation.MarkEnded(end);
    }

    private void ReportLoad() => _stats.SetLoad(_rank, _scheduler.Running, Waiting, _cache.UsedTokens);

    private void Wake(object? state)
    {
        lock (_lock)
        {
            if (_stopped)
                return;
            _scheduler.AdvanceTo(Now);
            Update();
        }
    }

    private void Update()
    {
        if (_stopped)
            return;
        _journal?.Tell();
        ReportLoad();
        if (_scheduler.StepEnds is not { } end)
            return;
        var wait = end - Now;
        var rounded = wait <= TimeSpan.Zero ? TimeSpan.Zero : new TimeSpan((wait.Ticks + _timerStep.Ticks - 1) / _timerStep.Ticks * _timerStep.Ticks);
        _timer ??= _options.TimeProvider.CreateTimer(Wake, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(rounded, Timeout.InfiniteTimeSpan);
    }
}
