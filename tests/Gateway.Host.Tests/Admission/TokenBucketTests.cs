using CsCheck;
using Gateway.Host.Admission;

namespace Gateway.Host.Tests.Admission;

public sealed class TokenBucketTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_new_bucket_is_full()
    {
        var bucket = new TokenBucket(7, _time);

        Assert.Equal(7, bucket.Remaining);
        Assert.Equal(TimeSpan.Zero, bucket.UntilFull);
        Assert.True(bucket.TryTake(7, out _));
        Assert.Equal(0, bucket.Remaining);
    }

    [Fact]
    public void It_refills_evenly_within_a_minute_and_says_how_long_to_wait()
    {
        var bucket = new TokenBucket(60, _time);
        Assert.True(bucket.TryTake(60, out _));

        Assert.False(bucket.TryTake(3, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(3), wait);
        Assert.Equal(TimeSpan.FromMinutes(1), bucket.UntilFull);
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(bucket.TryTake(3, out _));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(bucket.TryTake(3, out _));
    }

    [Fact]
    public void What_is_given_back_is_there_again_and_no_more_than_that()
    {
        var bucket = new TokenBucket(100, _time);
        bucket.TryTake(40, out _);

        bucket.Charge(-10);
        Assert.Equal(70, bucket.Remaining);
        _time.Advance(TimeSpan.FromMinutes(5));
        bucket.Charge(-10);

        Assert.InRange(bucket.Remaining, 100, 110);
    }

    [Fact]
    public void A_charge_that_is_not_there_is_owed()
    {
        var bucket = new TokenBucket(60, _time);

        bucket.Charge(90);

        Assert.Equal(0, bucket.Remaining);
        Assert.False(bucket.TryTake(1, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(31), wait);
    }

    [Fact]
    public void In_no_span_of_time_more_is_taken_than_the_bucket_holds_and_gets() =>
        Gen.Select(Gen.Int[1, 100_000], Gen.Select(Gen.Int[0, 20_000], Gen.Double[0, 1]).Array[1, 50]).Sample(static (limit, steps) =>
        {
            var time = new ManualTime();
            var bucket = new TokenBucket(limit, time);
            var taken = 0L;
            var start = time.GetTimestamp();
            foreach (var (milliseconds, share) in steps)
            {
                time.AdvanceMilliseconds(milliseconds);
                var amount = (long)Math.Ceiling(share * limit);
                if (bucket.TryTake(amount, out var wait))
                    taken += amount;
                else
                    Assert.InRange(wait, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
                var allowed = limit + (limit * time.GetElapsedTime(start).TotalMinutes);
                // Costs are rounded down to a tick.
                Assert.True(taken <= allowed + 1, $"{taken} of {allowed}");
                Assert.InRange(bucket.Remaining, 0, limit);
            }
        });
}
