using CsCheck;
using Gateway.Host.Dashboard.Traffic;

namespace Gateway.Host.Tests.Dashboard;

public sealed class LatencyHistogramTests
{
    private readonly long[] _nothing = new long[LatencyHistogram.Buckets];
    private readonly long[] _counts = new long[LatencyHistogram.Buckets];

    [Fact]
    public void Nothing_has_no_percentile() => Assert.Null(LatencyHistogram.Percentile(_nothing, _nothing, 0.5));

    [Fact]
    public void A_percentile_is_wrong_by_an_eighth_at_most() => Gen.Int[1, 1_000_000_000].Array[1, 50].Sample(microseconds =>
    {
        var histogram = new LatencyHistogram();
        foreach (var one in microseconds)
            histogram.Record(TimeSpan.FromMicroseconds(one));
        // Samples run side by side.
        var counts = new long[LatencyHistogram.Buckets];
        histogram.CopyTo(counts);
        var sorted = microseconds.Order().ToArray();
        foreach (var share in new[] { 0.5, 0.95, 1 })
        {
            var true_ = sorted[Math.Max(1, (int)Math.Ceiling(sorted.Length * share)) - 1] / 1000.0;
            Assert.InRange(LatencyHistogram.Percentile(_nothing, counts, share)!.Value, true_ * 0.875, true_ * 1.125);
        }
    });

    [Fact]
    public void Only_what_came_in_between_counts()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromSeconds(100));
        var before = new long[LatencyHistogram.Buckets];
        histogram.CopyTo(before);
        histogram.Record(TimeSpan.FromMilliseconds(8));
        histogram.CopyTo(_counts);

        Assert.InRange(LatencyHistogram.Percentile(before, _counts, 0.5)!.Value, 7, 9);
    }

    [Fact]
    public void Hours_and_less_than_nothing_are_counted_somewhere()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromHours(5));
        histogram.Record(TimeSpan.FromSeconds(-1));
        histogram.CopyTo(_counts);

        Assert.Equal(2, _counts.Sum());
    }
}
