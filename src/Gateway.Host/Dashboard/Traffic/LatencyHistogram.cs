using System.Numerics;

namespace Gateway.Host.Dashboard.Traffic;

/// <summary>
/// Counts times in buckets whose width is an eighth of the power of two they are in, so that a percentile is wrong by 12 % at most.
/// From a microsecond to 18 minutes; what is longer counts as that.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 3;
    private const int Steps = 1 << StepBits;
    private const int HighestBit = 29;

    /// <summary>The first ones are a microsecond each.</summary>
    public const int Buckets = (HighestBit - StepBits + 2) * Steps;

    private readonly long[] _counts = new long[Buckets];

    public void Record(TimeSpan time) => Interlocked.Increment(ref _counts[BucketOf((long)time.TotalMicroseconds)]);

    public void CopyTo(Span<long> counts)
    {
        for (var bucket = 0; bucket < Buckets; bucket++)
            counts[bucket] = Volatile.Read(ref _counts[bucket]);
    }

    /// <summary>Milliseconds that a share of what came between two copies did not exceed; null if nothing came.</summary>
    /// <param name="before">The earlier copy.</param>
    /// <param name="now">The later one.</param>
    /// <param name="share">0 to 1.</param>
    public static double? Percentile(ReadOnlySpan<long> before, ReadOnlySpan<long> now, double share)
    {
        long total = 0;
        for (var bucket = 0; bucket < Buckets; bucket++)
            total += now[bucket] - before[bucket];
        if (total == 0)
            return null;
        var rank = Math.Max(1, (long)Math.Ceiling(total * share));
        var bucketOfRank = 0;
        for (long seen = now[0] - before[0]; seen < rank; seen += now[bucketOfRank] - before[bucketOfRank])
            bucketOfRank++;
        return MiddleOf(bucketOfRank) / 1000;
    }

    private static int BucketOf(long microseconds)
    {
        if (microseconds < Steps)
            return (int)Math.Max(0, microseconds);
        var bit = BitOperations.Log2((ulong)microseconds);
        if (bit > HighestBit)
            return Buckets - 1;
        var step = (int)(microseconds >> (bit - StepBits)) & (Steps - 1);
        return ((bit - StepBits + 1) * Steps) + step;
    }

    /// <summary>Microseconds.</summary>
    private static double MiddleOf(int bucket)
    {
        if (bucket < Steps)
            return bucket;
        var width = 1L << ((bucket / Steps) - 1);
        return ((Steps + (bucket % Steps)) * width) + (width / 2.0);
    }
}
