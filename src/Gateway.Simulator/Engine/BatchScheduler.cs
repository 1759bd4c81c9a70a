namespace Gateway.Simulator.Engine;

/// <summary>
/// Continuous batching: time is a row of steps, each of which computes a part of the waiting prompts and one token of each
/// running sequence. Sequences join and leave between steps. It owns no clock: whoever drives it tells it the time.
/// Not thread-safe.
/// </summary>
internal sealed class BatchScheduler
{
    private readonly SimulatorOptions _options;
    private readonly KvCache _cache;
    private readonly SimulatorStats _stats;
    private readonly LinkedList<Sequence> _waiting = new();
    private readonly List<Sequence> _running = [];
    private readonly List<Sequence> _retired = [];
    private readonly Action<Generation> _computed;

    /// <param name="computed">Told of each generation whose last sequence is complete.</param>
    public BatchScheduler(SimulatorOptions options, KvCache cache, SimulatorStats stats, Action<Generation> computed)
    {
        _computed = computed;
        _options = options;
        _cache = cache;
        _stats = stats;
    }

    /// <summary>When the current step ends; null while there is nothing to do.</summary>
    public TimeSpan? StepEnds { get; private set; }

    public int Running => _running.Count;

    public int Waiting => _waiting.Count;

    /// <summary>Prompt tokens of the sequences that wait.</summary>
    public int WaitingTokens => _waiting.Sum(sequence => sequence.Generation.Prompt.Length);

    /// <summary>Multiplies the duration of each step that starts from now on.</summary>
    public double Slowdown { get; set; } = 1;

    /// <summary>Takes in the sequences of one generation.</summary>
    public void Enqueue(IReadOnlyList<Sequence> sequences, TimeSpan now)
    {
        // First, or the newcomers would join a step that began before they came.
        AdvanceTo(now);
        foreach (var sequence in sequences)
            _waiting.AddLast(sequence.WaitingPlace);
        StartIfIdle(now);
    }

    /// <summary>Takes sequences out at once, wherever they are; their slots and KV space are free when this returns.</summary>
    public void Remove(IReadOnlyList<Sequence> sequences, TimeSpan now)
    {
        foreach (var sequence in sequences)
        {
            if (sequence.WaitingPlace.List is not null)
                _waiting.Remove(sequence.WaitingPlace);
            else if (sequence.Lease is not null)
                Leave(sequence);
        }

        // A step whose last sequence has gone computes nothing; the next may start.
        if (_running.Count == 0)
            StepEnds = null;
        StartIfIdle(now);
    }

    /// <summary>Ends all steps that are due.</summary>
    public void AdvanceTo(TimeSpan now)
    {
        while (StepEnds is { } end && end <= now)
        {
            FinishStep();
            // Not from now: a late wake-up must not stretch the schedule.
            StartStep(end);
        }
    }

    private void StartIfIdle(TimeSpan now)
    {
        if (StepEnds is not null)
            return;
        StartStep(now);
        AdvanceTo(now);
    }

    private void StartStep(TimeSpan start)
    {
        Admit();
        var prefill = 0;
        var decoding = 0;
        foreach (var sequence in _running)
        {
            if (sequence.PrefillLeft == 0)
            {
                decoding++;
                continue;
            }

            var chunk = Math.Min(sequence.PrefillLeft, _options.PrefillChunkTokens - prefill);
            sequence.PrefillLeft -= chunk;
            prefill += chunk;
        }

        StepEnds = _running.Count == 0 ? null : start + (_options.Timings.StepDuration(prefill, decoding) * Slowdown);
    }

    private void Admit()
    {
        while (_running.Count < _options.MaxRunningRequests && _waiting.First?.Value is { } sequence)
        {
            var generation = sequence.Generation;
            var lease = _cache.TryReserve(sequence.BlockHashes, generation.Prompt.Length, sequence.Answer.Tokens.Length);
            // First come, first served: a small one does not overtake, or a large one could wait for ever.
            if (lease is null)
                break;
            _waiting.RemoveFirst();
            _running.Add(sequence);
            sequence.Lease = lease;
            lease.Holder = sequence;
            sequence.PrefillLeft = generation.Part == GenerationPart.Decode ? 0 : generation.Prompt.Length - lease.CachedTokens;
            if (sequence == generation.Sequences[0])
            {
                generation.CachedTokens = lease.CachedTokens;
                _stats.CountAdmission(generation.Prompt.Length, lease.CachedTokens);
            }
        }
    }

    private void FinishStep()
    {
        var tokens = 0;
        foreach (var sequence in _running)
        {
            if (sequence.PrefillLeft > 0)
                continue;
            if (sequence.Emitted == 0)
                _cache.Publish(sequence.Lease!, sequence.Generation.Prompt.Length);
            if (!sequence.IsComplete)
            {
                sequence.Emitted++;
                tokens++;
                sequence.Generation.Signal();
            }

            if (sequence.IsComplete && sequence.Generation.Part != GenerationPart.Prefill)
                Release(sequence);
        }

        _stats.CountTokens(tokens);
        Retire();
    }

    private void Retire()
    {
        _retired.AddRange(_running.Where(static sequence => sequence.IsDone));
        if (_retired.Count == 0)
            return;
        _running.RemoveAll(static sequence => sequence.IsDone);
        foreach (var sequence in _retired)
        {
            if (--sequence.Generation.SequencesLeft == 0)
                _computed(sequence.Generation);
        }

        _retired.Clear();
    }

    /// <summary>From the batch, or from where it keeps its KV blocks for another worker.</summary>
    private void Leave(Sequence sequence)
    {
        _running.Remove(sequence);
        Release(sequence);
    }

    private void Release(Sequence sequence)
    {
        // What was being computed in the step that it leaves is lost.
        if (sequence.PrefillLeft == 0 && (sequence.Emitted > 0 || sequence.IsComplete))
            _cache.Publish(sequence.Lease!, sequence.Generation.Prompt.Length + sequence.Emitted);
        _cache.Release(sequence.Lease!);
        sequence.Lease = null;
    }
}
