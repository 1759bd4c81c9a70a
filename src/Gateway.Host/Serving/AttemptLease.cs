using Gateway.Actors.Workers;

namespace Gateway.Host.Serving;

/// <summary>
/// What one attempt holds: a lease on the worker that answers and, if a pair does the work, one on the prefill worker too.
/// A mutable struct; do not copy it once it is held.
/// </summary>
internal struct AttemptLease
{
    /// <summary>On the worker whose answer the client gets: a regular one, or the decode half of a pair.</summary>
    public WorkerLease Answering;

    /// <summary>On the prefill half of a pair; not held by other attempts. While the attempt runs it belongs to <see cref="Pairs.PrefillLeg"/>.</summary>
    public WorkerLease Prefill;

    public readonly bool IsHeld => Answering.IsHeld;

    public readonly bool IsPair => Prefill.IsHeld;

    /// <summary>Releases what is still held, the prefill half as one that was not tried to the end.</summary>
    public void Release(AttemptOutcome outcome)
    {
        Prefill.Release(AttemptOutcome.Cancelled);
        Answering.Release(outcome);
    }
}
