namespace Gateway.Actors.Workers;

/// <summary>
/// Counts of successes and failures over the last window of time, in <see cref="BucketCount"/> buckets.
/// A bucket is one 64-bit word (which slice of time, successes, failures) changed by compare-and-swap,
/// so that recording never waits and an old bucket empties itself when its place is needed again.
/// </summary>
internal sealed class SlidingWindow
{
    public const int BucketCount = 12;
    private const int CountBits = 20;
    private const long CountMask = (1L << CountBits) - 1;
    private const long SliceMask = (1L << (64 - (2 * CountBits))) - 1;

    private readonly long[] _buckets = new long[BucketCount];
    private readonly long _ticksPerBucket;

    /// <param name="window">Length of the window; more than zero.</param>
    public SlidingWindow(TimeSpan window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        _ticksPerBucket = Math.Max(1, window.Ticks / BucketCount);
    }

    public void RecordSuccess(TimeSpan now) => Record(now, success: true);

    public void RecordFailure(TimeSpan now) => Record(now, success: false);

    /// <summary>Sums the buckets that lie within the window that ends now.</summary>
    public (long Successes, long Failures) Sum(TimeSpan now)
    {
        var current = Slice(now);
        long successes = 0, failures = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            var word = Volatile.Read(ref _buckets[i]);
            var age = (current - SliceOf(word)) & SliceMask;
            if (age >= BucketCount)
                continue;
            successes += (word >> CountBits) & CountMask;
            failures += word & CountMask;
        }

        return (successes, failures);
    }

    public void Clear()
    {
        for (var i = 0; i < _buckets.Length; i++)
            Volatile.Write(ref _buckets[i], 0);
    }

    private void Record(TimeSpan now, bool success)
    {
        var slice = Slice(now);
        ref var bucket = ref _buckets[slice % BucketCount];
        while (true)
        {
            var word = Volatile.Read(ref bucket);
            var counts = SliceOf(word) == slice ? word & ((1L << (2 * CountBits)) - 1) : 0;
            var successes = (counts >> CountBits) & CountMask;
            var failures = counts & CountMask;
            // Saturate instead of spilling into the neighbouring field.
            if (success)
                successes = Math.Min(successes + 1, CountMask);
            else
                failures = Math.Min(failures + 1, CountMask);
            var next = (slice << (2 * CountBits)) | (successes << CountBits) | failures;
            if (Interlocked.CompareExchange(ref bucket, next, word) == word)
                return;
        }
    }

    // Shifted by a whole window so that an untouched word (slice 0) never counts as recent.
    private long Slice(TimeSpan now) => ((now.Ticks / _ticksPerBucket) + BucketCount) & SliceMask;

    private static long SliceOf(long word) => (word >> (2 * CountBits)) & SliceMask;
}
