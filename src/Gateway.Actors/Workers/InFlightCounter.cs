namespace Gateway.Actors.Workers;

/// <summary>
/// Number of leases on one incarnation, with a closed bit in the same word: after <see cref="Close"/> nobody enters,
/// and exactly one party (the closer or the last to exit) sees the count reach zero.
/// </summary>
internal sealed class InFlightCounter
{
    private const long ClosedBit = 1L << 62;
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _word;

    /// <summary>Leases held now; never negative.</summary>
    public int Count => (int)(Volatile.Read(ref _word) & ~ClosedBit);

    public bool IsClosed => (Volatile.Read(ref _word) & ClosedBit) != 0;

    /// <summary>Completes when the counter is closed and the last lease has been released.</summary>
    public Task ClosedAndIdle => _idle.Task;

    public bool TryEnter()
    {
        // Optimistic: one atomic add. A closed counter takes the step back, which may be the one that ends at zero.
        if ((Interlocked.Increment(ref _word) & ClosedBit) == 0)
            return true;
        Exit();
        return false;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _word) == ClosedBit)
            _idle.TrySetResult();
    }

    public void Close()
    {
        if ((Interlocked.Or(ref _word, ClosedBit) | ClosedBit) == ClosedBit)
            _idle.TrySetResult();
    }
}
