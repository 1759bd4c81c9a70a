namespace Gateway.Actors.Workers;

/// <summary>A number that many threads add to and read.</summary>
internal sealed class AtomicCounter
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Add(long amount)
    {
        if (amount != 0)
            Interlocked.Add(ref _value, amount);
    }
}
