namespace Gateway.Simulator.Engine;

/// <summary>The last KV events of a worker's life, for those who follow them from now on or from a number on.</summary>
internal sealed class KvEventLog
{
    private readonly Lock _lock = new();
    private readonly Queue<KvEventBatch> _batches = new();
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private TaskCompletionSource _more = NewSignal();
    private ulong _next = 1;
    private ulong _nextEvent = 1;

    /// <param name="capacity">Batches that it keeps.</param>
    public KvEventLog(TimeProvider time, int capacity)
    {
        _time = time;
        _capacity = capacity;
    }

    /// <summary>The number that the next batch will have.</summary>
    public ulong Next
    {
        get
        {
            lock (_lock)
                return _next;
        }
    }

    public void Append(int rank, IReadOnlyList<KvChange> changes)
    {
        lock (_lock)
        {
            if (_batches.Count == _capacity)
                _batches.Dequeue();
            _batches.Enqueue(new KvEventBatch(_next++, _nextEvent, _time.GetUtcNow(), rank, changes));
            _nextEvent += (ulong)changes.Count;
            _more.SetResult();
            _more = NewSignal();
        }
    }

    /// <summary>The batches from a number on; null if they are not all there any more, or that number is none that could come next.</summary>
    /// <param name="more">Completes when there is another one.</param>
    public IReadOnlyList<KvEventBatch>? ReadFrom(ulong sequence, out Task more)
    {
        lock (_lock)
        {
            more = _more.Task;
            if (sequence > _next || sequence < _next - (ulong)_batches.Count)
                return null;
            return [.. _batches.Skip(_batches.Count - (int)(_next - sequence))];
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
