namespace Gateway.Actors.Workers;

/// <summary>
/// The right to make one attempt on one incarnation, taken at selection and before any await. It holds a place in the
/// in-flight count and, on a half-open breaker, one of its trials. Release it exactly once, whatever happens;
/// a second release of the same variable does nothing. Do not copy it.
/// </summary>
public struct WorkerLease
{
    private readonly BreakerPermit _permit;
    private Worker? _worker;

    private WorkerLease(Worker worker, BreakerPermit permit)
    {
        _worker = worker;
        _permit = permit;
    }

    public readonly bool IsHeld => _worker is not null;

    /// <summary>The worker it is on.</summary>
    /// <exception cref="InvalidOperationException">It was never taken, or has been released.</exception>
    public readonly Worker Worker => _worker ?? throw new InvalidOperationException("The lease is not held.");

    /// <summary>
    /// Fails if the worker has stopped taking requests since the snapshot was read, or its breaker lets no more through;
    /// the caller then picks again from the current snapshot.
    /// </summary>
    public static bool TryAcquire(Worker worker, out WorkerLease lease) => TryAcquire(worker, ignoreBreaker: false, out lease);

    /// <inheritdoc cref="TryAcquire(Worker, out WorkerLease)"/>
    /// <param name="ignoreBreaker">True in panic: an attempt that the breaker would not have let through then says nothing to it.</param>
    public static bool TryAcquire(Worker worker, bool ignoreBreaker, out WorkerLease lease)
    {
        ArgumentNullException.ThrowIfNull(worker);
        if (worker.InFlight.TryEnter())
        {
            var isAllowed = worker.Breaker.TryEnter(out var permit);
            if (isAllowed || ignoreBreaker)
            {
                if (!isAllowed)
                    permit = BreakerPermit.Unasked;
                lease = new WorkerLease(worker, permit);
                return true;
            }

            worker.InFlight.Exit();
        }

        lease = default;
        return false;
    }

    public void Release(AttemptOutcome outcome)
    {
        var worker = _worker;
        if (worker is null)
            return;
        _worker = null;
        worker.Breaker.Record(_permit, outcome);
        worker.InFlight.Exit();
    }
}
