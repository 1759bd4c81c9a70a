using Gateway.Actors.Cluster;
using Gateway.Host.Admission;
using Gateway.Host.Cluster.Quotas;
using Gateway.Tests.Shared;

namespace Gateway.Host.Tests.Cluster;

/// <summary>Several gateways' buckets and counts of one limit, that tell each other once a second, in virtual time.</summary>
public sealed class QuotaSharesTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(2, 1.0, 1.0, 0.0, 0.0)]
    [InlineData(4, 1.0, 1.0, 1.0, 1.0)]
    [InlineData(4, 4.0, 0.0, 0.0, 0.0)]
    [InlineData(4, 2.0, 1.5, 0.1, 0.4)]
    public void A_limit_per_minute_holds_over_all_gateways_within_a_tenth_however_clients_spread(
        int gateways, double first, double second, double third, double fourth)
    {
        const int Limit = 6000;
        double[] loads = [first, second, third, fourth];
        var cluster = Cluster(gateways, Limit);
        // The buckets are full at first: that minute is another.
        Run(cluster, loads, minutes: 1, Limit);

        var admitted = Run(cluster, loads, minutes: 5, Limit);

        Assert.InRange(admitted, Limit * 5 * 0.9, Limit * 5 * 1.1);
    }

    [Fact]
    public void Clients_that_turn_to_another_gateway_each_minute_get_no_more_than_the_limit()
    {
        const int Limit = 6000;
        var cluster = Cluster(3, Limit);
        Run(cluster, [3, 0, 0], minutes: 1, Limit);

        var admitted = 0;
        for (var minute = 0; minute < 6; minute++)
            admitted += Run(cluster, [minute % 3 == 0 ? 3 : 0, minute % 3 == 1 ? 3 : 0, minute % 3 == 2 ? 3 : 0], minutes: 1, Limit);

        Assert.InRange(admitted, Limit * 6 * 0.8, Limit * 6 * 1.1);
    }

    [Fact]
    public void All_gateways_together_hold_one_full_bucket_when_they_start()
    {
        var cluster = Cluster(4, 1000);
        Exchange(cluster);

        Assert.InRange(cluster.Sum(gateway => Drain(gateway.Bucket)), 900, 1100);
    }

    [Fact]
    public void A_gateway_that_has_met_nobody_yet_takes_its_part_and_later_all()
    {
        var alone = Cluster(4, 1000)[0];
        alone.Shares.Collect();
        Assert.Equal(250, Drain(alone.Bucket));

        _time.Advance(QuotaShares.MeetingTime + Second);
        alone.Shares.Collect();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1000, Drain(alone.Bucket));
    }

    [Fact]
    public void A_gateway_that_the_others_have_left_keeps_the_limit_alone()
    {
        var cluster = Cluster(2, 1000);
        _time.Advance(QuotaShares.MeetingTime + Second);
        Exchange(cluster);
        cluster[0].Shares.Forget(IdOf(1));
        cluster[0].Shares.Collect();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1000, Drain(cluster[0].Bucket));
    }

    [Fact]
    public void Places_for_requests_at_once_are_divided_by_who_needs_them()
    {
        var cluster = Cluster(3, 1000, concurrent: 100);
        for (var i = 0; i < 20; i++)
            Assert.True(cluster[0].Concurrency.TryTake());
        Exchange(cluster);
        Exchange(cluster);

        Assert.InRange(cluster.Sum(static gateway => gateway.Concurrency.Limit), 90, 110);
        Assert.True(cluster[0].Concurrency.Limit > cluster[1].Concurrency.Limit);
    }

    [Fact]
    public void A_piece_that_is_cut_off_or_no_number_is_refused()
    {
        var shares = Cluster(1, 1000)[0].Shares;
        Assert.Throws<FormatException>(() => shares.Receive(IdOf(1), new byte[15]));
        Assert.Throws<FormatException>(() => shares.Receive(IdOf(1), [.. new byte[8], .. BitConverter.GetBytes(double.NaN)]));
        Assert.Throws<FormatException>(() => shares.Receive(IdOf(1), [.. new byte[8], .. BitConverter.GetBytes(-1.0)]));
    }

    private static PeerId IdOf(int number) => new($"gateway-{number}:4053", 1);

    private static int Drain(TokenBucket bucket)
    {
        var taken = 0;
        while (bucket.TryTake(1, out _))
            taken++;
        return taken;
    }

    private Member[] Cluster(int gateways, int perMinute, int concurrent = 10) => [.. Enumerable.Range(0, gateways).Select(_ =>
    {
        var bucket = new TokenBucket(perMinute, _time);
        var limit = new ConcurrencyLimit(concurrent);
        return new Member(bucket, limit, new QuotaShares([new SharedRate("rate", bucket), new SharedConcurrency("places", limit)], gateways - 1, _time));
    })];

    private static void Exchange(Member[] cluster)
    {
        var told = cluster.Select(static gateway => gateway.Shares.Collect()).ToArray();
        for (var from = 0; from < cluster.Length; from++)
        {
            for (var to = 0; to < cluster.Length; to++)
            {
                if (from != to)
                    told[from].ToList().ForEach(piece => cluster[to].Shares.Receive(IdOf(from), piece));
            }
        }
    }

    /// <param name="cluster">The gateways.</param>
    /// <param name="loads">What each is asked for, in parts of the limit.</param>
    /// <param name="minutes">For how long.</param>
    /// <param name="limit">The limit.</param>
    private int Run(Member[] cluster, double[] loads, int minutes, int limit)
    {
        const int StepsPerSecond = 10;
        var admitted = 0;
        var owed = new double[cluster.Length];
        for (var step = 0; step < minutes * 60 * StepsPerSecond; step++)
        {
            _time.Advance(Second / StepsPerSecond);
            if (step % StepsPerSecond == 0)
                Exchange(cluster);
            for (var i = 0; i < cluster.Length; i++)
            {
                owed[i] += loads[i] * limit / (60.0 * StepsPerSecond);
                for (; owed[i] >= 1; owed[i]--)
                    admitted += cluster[i].Bucket.TryTake(1, out _) ? 1 : 0;
            }
        }

        return admitted;
    }

    private sealed record Member(TokenBucket Bucket, ConcurrencyLimit Concurrency, QuotaShares Shares);
}
