using Gateway.Host.Api;
using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>
/// Counts the requests in the gateway, whatever they are doing there, so that a shutdown can wait for them; refuses those above what
/// the queue could ever hold, and after <see cref="BeginDrain"/> refuses all. Each admitted request leaves exactly once.
/// </summary>
internal sealed class AdmissionGate(GatewayOptions options, AdmissionQueue queue) : IDisposable
{
    private readonly int _limit = Limit(options.Limits);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _graceEnd = new();
    private int _count;
    private volatile bool _draining;
    private volatile bool _leaving;

    public int InFlight => Volatile.Read(ref _count);

    public bool IsDraining => _draining;

    /// <summary>True from the moment at which the gateway was told to stop: load balancers are to send no more, though what comes is still served.</summary>
    public bool IsLeaving => _leaving;

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

        if (count > _limit)
        {
            Exit();
            return GatewayError.Crowded;
        }

        return null;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0 && _draining)
            _idle.TrySetResult();
    }

    /// <summary>Says from now on that the gateway is leaving, and goes on admitting.</summary>
    public void Announce() => _leaving = true;

    /// <summary>Admits nobody from now on, and refuses those who wait in the queue.</summary>
    /// <returns>Completes when the last request has left.</returns>
    public Task BeginDrain()
    {
        _leaving = true;
        _draining = true;
        Interlocked.MemoryBarrier();
        queue.Close();
        if (InFlight == 0)
            _idle.TrySetResult();
        return _idle.Task;
    }

    /// <summary>Ends the requests that are still running.</summary>
    public Task EndGraceAsync() => _graceEnd.CancelAsync();

    public void Dispose() => _graceEnd.Dispose();

    /// <summary>
    /// Those who run, those who wait, and as many again whose bodies are being read, or are being told that there is no place: so
    /// much memory can bodies take, however many clients come.
    /// </summary>
    private static int Limit(LimitOptions limits) => limits.MaxConcurrentRequests <= 0
        ? int.MaxValue
        : (int)Math.Min((long)limits.MaxConcurrentRequests + limits.QueueSize + Math.Max(limits.QueueSize, FewestReaders), int.MaxValue);

    private const int FewestReaders = 16;
}
