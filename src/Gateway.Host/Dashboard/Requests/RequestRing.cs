namespace Gateway.Host.Dashboard.Requests;

/// <summary>
/// The requests that have ended last. Written by any thread without waiting; whoever reads goes along at his own pace with a number of his own, and
/// misses what has been overwritten meanwhile. So nothing is kept for anybody.
/// </summary>
internal sealed class RequestRing
{
    /// <summary>Requests kept: half a second at 2,000 a second, and all of a quiet night. About 300 bytes each.</summary>
    public const int Capacity = 1024;

    private readonly RequestRecord?[] _slots = new RequestRecord?[Capacity];
    private long _end;

    /// <summary>Tells these numbers from those of another gateway, or of this one before a restart.</summary>
    public Guid Instance { get; } = Guid.NewGuid();

    /// <summary>The number that the next request gets.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>The oldest number that may still be there.</summary>
    public long Start => Math.Max(0, End - Capacity);

    public void Add(RequestRecord record)
    {
        record.Number = Interlocked.Increment(ref _end) - 1;
        ref var slot = ref _slots[record.Number % Capacity];
        var old = Volatile.Read(ref slot);
        // A thread that was held up for a whole round must not put its old request in a newer one's place.
        while (old is null || old.Number < record.Number)
        {
            var seen = Interlocked.CompareExchange(ref slot, record, old);
            if (seen == old)
                return;
            old = seen;
        }
    }

    /// <summary>Reads on from a number, the newest of what there is.</summary>
    /// <param name="from">Where to read on; is moved behind what was read or missed.</param>
    /// <param name="most">How many to read at most.</param>
    /// <param name="found">Is filled, the oldest first.</param>
    /// <returns>How many were missed: overwritten, or left out because there were more.</returns>
    public long Read(ref long from, int most, List<RequestRecord> found)
    {
        found.Clear();
        var end = End;
        var start = Math.Max(from, Math.Max(end - most, end - Capacity));
        var missed = Math.Max(0, start - from);
        for (var number = start; number < end; number++)
        {
            var record = Volatile.Read(ref _slots[number % Capacity]);
            // Its number is taken, and it is not here yet: it is the next time.
            if (record is null || record.Number < number)
            {
                end = number;
                break;
            }

            if (record.Number == number)
                found.Add(record);
            else
                missed++;
        }

        from = Math.Max(from, end);
        return missed;
    }
}
