using Gateway.Host.Api;
using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>
/// Lets no more requests to the engines than the limits of the gateway, of each tenant and of each model allow; the others wait, not too
/// many and not too long. A request that finds room and overtakes nobody takes its places by atomics alone. The lock is for those who must
/// wait, and for those who leave while somebody waits: they hand their places on.
/// </summary>
/// <remarks>
/// No place is lost between the two: who is about to wait first makes himself seen and then looks for room once more; who leaves
/// first gives his places back and then looks for those who wait.
/// </remarks>
internal sealed class AdmissionQueue
{
    private readonly ConcurrencyLimit _gateway;
    private readonly WaitingRoom _room;
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly int _size;
    private bool _closed;

    // Somebody waits for nothing but a place in the gateway. Newcomers then queue behind him, even if they see one.
    private volatile bool _gatewayIsAwaited;

    public AdmissionQueue(GatewayOptions options, TimeProvider time)
    {
        var limits = options.Limits;
        _time = time;
        _size = limits.QueueSize;
        _patience = limits.QueueTimeout;
        _gateway = new ConcurrencyLimit(limits.MaxConcurrentRequests);
        _room = new WaitingRoom((long)(limits.QueuePromotion.TotalSeconds * time.TimestampFrequency));
    }

    /// <summary>How many requests may run; 0 or less is no limit.</summary>
    public int Limit => _gateway.Limit;

    /// <summary>Requests that have their places.</summary>
    public int Running => _gateway.Running;

    public int Waiting
    {
        get
        {
            lock (_lock)
                return _room.Count;
        }
    }

    /// <summary>
    /// True if a request would be refused without fail, so that its body need not be read: the gateway is full, the queue is full,
    /// and nobody would be pushed out in its favour.
    /// </summary>
    public GatewayError? RefuseIfHopeless(Tenant tenant, RequestPriority priority)
    {
        if (!_gatewayIsAwaited)
            return null;
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            return _gatewayIsAwaited && _room.Count >= _size && !_room.WouldKeep(tenant, priority, now) ? Full(now) : null;
        }
    }

    /// <summary>Takes the places at once, if they are free and nobody waits for them. Allocates nothing and waits for nobody.</summary>
    /// <returns>If false, <see cref="WaitAsync"/> must follow.</returns>
    public bool TryEnter(in Seat seat)
    {
        if (_gatewayIsAwaited || seat.HasWaiters || !_gateway.TryTake())
            return false;
        if (seat.TryTake())
            return true;
        // Somebody may have been turned away by this very place. He waits then, and the call that follows sees to him.
        _gateway.Release();
        return false;
    }

    /// <summary>Waits for the places.</summary>
    /// <returns>Null when they are taken, else why the request is refused.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async ValueTask<GatewayError?> WaitAsync(Seat seat, RequestPriority priority, CancellationToken clientGone)
    {
        var waiter = new Waiter(seat, priority, _time.GetTimestamp());
        if (TryEnqueue(waiter) is { } refusal)
            return refusal;
        if (waiter.Task.IsCompletedSuccessfully)
            return await waiter.Task;
        using var timer = _time.CreateTimer(_ => GiveUp(waiter, GatewayError.QueueTimeout), null, _patience, Timeout.InfiniteTimeSpan);
        using var gone = clientGone.UnsafeRegister((_, token) => Abandon(waiter, token), null);
        return await waiter.Task;
    }

    /// <summary>Gives the places back, to those who wait for them first of all. Once for each request that took them.</summary>
    public void Leave(in Seat seat)
    {
        seat.Release();
        _gateway.Release();
        if (!_gatewayIsAwaited && !seat.HasWaiters)
            return;
        lock (_lock)
            Dispatch();
    }

    /// <summary>Sets how many requests may run in all, and lets in who has room by that or by other limits that have changed.</summary>
    /// <param name="limit">0 or less sets none.</param>
    public void Adapt(int limit)
    {
        _gateway.Limit = limit;
        lock (_lock)
            Dispatch();
    }

    /// <summary>Refuses all who wait, and all who would have to from now on.</summary>
    public void Close()
    {
        IReadOnlyList<Waiter> all;
        lock (_lock)
        {
            _closed = true;
            all = _room.Clear();
            _gatewayIsAwaited = false;
        }

        foreach (var waiter in all)
            waiter.SetResult(GatewayError.Draining);
    }

    private GatewayError? TryEnqueue(Waiter waiter)
    {
        lock (_lock)
        {
            if (_closed)
                return GatewayError.Draining;
            _room.Add(waiter);
            Dispatch();
            if (_room.Count > _size)
            {
                var full = Full(waiter.Arrived);
                _room.PushOut(waiter.Arrived).SetResult(full);
            }

            return null;
        }
    }

    /// <summary>Lets in whoever can come in. Needs the lock.</summary>
    private void Dispatch()
    {
        var now = _time.GetTimestamp();
        while (_room.Count > 0)
        {
            if (!_gateway.TryTake())
            {
                if (_gatewayIsAwaited)
                    return;
                _gatewayIsAwaited = true;
                // A place that was given back just before is seen by the next look, one that is given back later comes with a call.
                Interlocked.MemoryBarrier();
                continue;
            }

            if (_room.TakeNext(now) is not { } next)
            {
                // Those who are left wait for their tenant's or their model's other requests, which see them when they leave.
                _gateway.Release();
                break;
            }

            next.SetResult(null);
        }

        _gatewayIsAwaited = false;
    }

    private void GiveUp(Waiter waiter, GatewayError error)
    {
        if (TryTakeOut(waiter))
            waiter.SetResult(error);
    }

    private void Abandon(Waiter waiter, CancellationToken clientGone)
    {
        if (TryTakeOut(waiter))
            waiter.SetCanceled(clientGone);
    }

    private bool TryTakeOut(Waiter waiter)
    {
        lock (_lock)
        {
            if (!_room.Remove(waiter))
                return false;
            // It may have been the only one to wait for the gateway.
            Dispatch();
            return true;
        }
    }

    /// <summary>Come back when the one who has waited longest now will have been served, if things go on as they do.</summary>
    private GatewayError Full(long now) =>
        GatewayError.QueueFull(_room.OldestArrival is { } oldest ? _time.GetElapsedTime(oldest, now) : TimeSpan.Zero, _patience);
}
