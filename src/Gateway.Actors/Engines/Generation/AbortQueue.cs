using System.Threading.Channels;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines.Generation;

/// <summary>
/// The generations of one engine that ended early, waiting to be aborted there. Bounded, and off the request path: adding never waits, one
/// task sends, and what fails is counted and forgotten, since an engine that cannot be told has mostly noticed itself.
/// </summary>
internal sealed class AbortQueue
{
    /// <summary>More than an engine runs at once.</summary>
    public const int Capacity = 4096;

    /// <summary>So many are sent together, to engines that take lists.</summary>
    private const int BatchSize = 64;

    private readonly Channel<string> _waiting;
    private readonly Func<IReadOnlyList<string>, Task> _abort;
    private readonly AtomicCounter _failures = new();
    private readonly AtomicCounter _added = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isRunning;

    /// <param name="abort">Aborts some; it has its own deadline.</param>
    public AbortQueue(Func<IReadOnlyList<string>, Task> abort)
    {
        _abort = abort;
        _waiting = Channel.CreateBounded<string>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => _failures.Add(1));
    }

    /// <summary>All that were ever to be sent.</summary>
    public long Added => _added.Value;

    /// <summary>Aborts that failed or had to give way to newer ones.</summary>
    public long Failures => _failures.Value;

    /// <summary>How many wait to be sent.</summary>
    public int Waiting => _waiting.Reader.Count;

    public void Add(string requestId)
    {
        _added.Add(1);
        if (_waiting.Writer.TryWrite(requestId))
            EnsureRunning();
        else
            _failures.Add(1);
    }

    /// <summary>Takes no more, and completes when those that wait have been sent.</summary>
    public Task CompleteAsync()
    {
        _waiting.Writer.TryComplete();
        EnsureRunning();
        return _ended.Task;
    }

    private void EnsureRunning()
    {
        if (Interlocked.Exchange(ref _isRunning, 1) == 0)
            _ = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        var batch = new List<string>(BatchSize);
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < BatchSize && _waiting.Reader.TryRead(out var requestId))
                batch.Add(requestId);
            try
            {
                await _abort(batch).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                _failures.Add(batch.Count);
            }
        }

        _ended.SetResult();
    }
}
