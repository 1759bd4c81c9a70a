using Gateway.Host.Api;
using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>
/// Counts the requests in the gateway, refuses those above the cap, and after <see cref="BeginDrain"/> refuses all.
/// Each admitted request leaves exactly once.
/// </summary>
internal sealed class AdmissionGate(GatewayOptions options) : IDisposable
{
    private readonly int _limit = options.Limits.MaxConcurrentRequests;
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _graceEnd = new();
    private int _count;
    private volatile bool _draining;

    public int InFlight => Volatile.Read(ref _count);

    public bool IsDraining => _draining;

    /// <summary>Cancelled when the time for finishing running requests is over.</summary>
    public CancellationToken GraceEnded => _graceEnd.Token;

    /// <returns>Null if the request is admitted, else why not.</returns>
    public GatewayError? TryEnter()
    {
        var count = Interlocked.Increment(ref _count);
        // Read after the increment: either the drain sees this request, or this request sees the drain.
        if (_draining)
        {
            Exit();
            return GatewayError.Draining;
        }

        if (_limit > 0 && count > _limit)
        {
            Exit();
            return GatewayError.TooManyRequests;
        }

        return null;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0 && _draining)
            _idle.TrySetResult();
    }

    /// <summary>Admits nobody from now on.</summary>
    /// <returns>Completes when the last request has left.</returns>
    public Task BeginDrain()
    {
        _draining = true;
        Interlocked.MemoryBarrier();
        if (InFlight == 0)
            _idle.TrySetResult();
        return _idle.Task;
    }

    /// <summary>Ends the requests that are still running.</summary>
    public Task EndGraceAsync() => _graceEnd.CancelAsync();

    public void Dispose() => _graceEnd.Dispose();
}
