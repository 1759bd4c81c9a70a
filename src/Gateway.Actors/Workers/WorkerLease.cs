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
    private long _promptBytes;

    private WorkerLease(Worker worker, BreakerPermit permit, long promptBytes)
    {
        _worker = worker;
        _permit = permit;
        _promptBytes = promptBytes;
    }

    public readonly bool IsHeld => _worker is not null;

    /// <summary>The worker it is on.</summary>
    /// <exception cref="InvalidOperationException">It was never taken, or has been released.</exception>
    public readonly Worker Worker => _worker ?? throw new InvalidOperationException("The lease is not held.");

    /// <inheritdoc cref="TryAcquire(Worker, long, bool, out WorkerLease)"/>
    public static bool TryAcquire(Worker worker, out WorkerLease lease) => TryAcquire(worker, 0, ignoreBreaker: false, out lease);

    /// <inheritdoc cref="TryAcquire(Worker, long, bool, out WorkerLease)"/>
    public static bool TryAcquire(Worker worker, long promptBytes, out WorkerLease lease) =>
        TryAcquire(worker, promptBytes, ignoreBreaker: false, out lease);

    /// <summary>
    /// Fails if the worker has stopped taking requests since the snapshot was read, or its breaker lets no more through;
    /// the caller then picks again from the current snapshot.
    /// </summary>
    /// <param name="worker">The incarnation.</param>
    /// <param name="promptBytes">
    /// Bytes of prompt that the worker has to prefill for this attempt; counted in <see cref="Worker.PendingPromptBytes"/>
    /// until <see cref="EndPrefill"/> or the release.
    /// </param>
    /// <param name="ignoreBreaker">True in panic: an attempt that the breaker would not have let through then says nothing to it.</param>
    /// <param name="lease">Held if it succeeds.</param>
    public static bool TryAcquire(Worker worker, long promptBytes, bool ignoreBreaker, out WorkerLease lease)
    {
        ArgumentNullException.ThrowIfNull(worker);
        ArgumentOutOfRangeException.ThrowIfNegative(promptBytes);
        if (worker.InFlight.TryEnter())
        {
            var isAllowed = worker.Breaker.TryEnter(out var permit);
            if (isAllowed || ignoreBreaker)
            {
                if (!isAllowed)
                    permit = BreakerPermit.Unasked;
                worker.PendingPrompts.Add(promptBytes);
                lease = new WorkerLease(worker, permit, promptBytes);
                return true;
            }

            worker.InFlight.Exit();
        }

        lease = default;
        return false;
    }

    /// <summary>
    /// The prefill is over, for the first byte of the answer is here: what was pending no longer stands in anyone's way.
    /// Without this call it counts until the release. A second call does nothing.
    /// </summary>
    public void EndPrefill()
    {
        var promptBytes = _promptBytes;
        _promptBytes = 0;
        if (_worker is { } worker && promptBytes > 0)
            worker.PendingPrompts.Add(-promptBytes);
    }

    public void Release(AttemptOutcome outcome)
    {
        EndPrefill();
        var worker = _worker;
        if (worker is null)
            return;
        _worker = null;
        worker.Breaker.Record(_permit, outcome);
        worker.Attempts.Count(outcome);
        worker.InFlight.Exit();
    }
}
