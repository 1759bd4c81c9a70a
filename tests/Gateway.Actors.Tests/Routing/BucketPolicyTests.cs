using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing;

public sealed class BucketPolicyTests
{
    private readonly ManualTime _time = new();
    private readonly Random _random = new(5);
    private readonly BucketPolicy _policy;

    public BucketPolicyTests() => _policy = new BucketPolicy(new PolicyContext(RoutingSettings.Default, _random, _time));

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void Each_worker_gets_about_the_same_bytes_and_lengths_are_in_order(int count)
    {
        var workers = Make.Workers(count);
        Warm(workers);
        var sent = Send(workers, 20_000);
        Assert.All(workers, worker => Assert.InRange(Bytes(sent, worker), 0.8 / count, 1.2 / count));
        var means = workers.Select(worker => sent.Where(pick => pick.Worker == worker).Average(static pick => pick.Length)).ToArray();
        Assert.Equal(means.Order(), means);
    }

    [Theory]
    [InlineData(4, 5)]
    [InlineData(4, 3)]
    [InlineData(2, 8)]
    public void Workers_that_join_or_leave_have_their_share_at_once(int before, int after)
    {
        Warm(Make.Workers(before));
        var workers = Make.Workers(after);
        var sent = Send(workers, 20_000);
        Assert.All(workers, worker => Assert.InRange(Bytes(sent, worker), 0.8 / after, 1.2 / after));
    }

    [Fact]
    public void A_worker_that_is_out_leaves_its_share_to_all_others()
    {
        var workers = Make.Workers(4);
        Warm(workers);
        workers[0].Close();
        var sent = Send(workers, 20_000);
        Assert.DoesNotContain(sent, pick => pick.Worker == workers[0]);
        Assert.All(workers[1..], worker => Assert.InRange(Bytes(sent, worker), 0.8 / 3, 1.2 / 3));
    }

    [Fact]
    public void Prompts_that_are_all_equally_long_still_spread()
    {
        var workers = Make.Workers(4);
        var prompt = new string('p', 700);
        for (var i = 0; i < 2000; i++)
            Ask.Pick(_policy, workers, prompt);
        _time.Advance(TimeSpan.FromSeconds(5));
        var counts = Enumerable.Range(0, 4000).CountBy(_ => Ask.Pick(_policy, workers, prompt)!).ToArray();
        Assert.Equal(4, counts.Length);
        Assert.All(counts, static pair => Assert.InRange(pair.Value, 850, 1150));
    }

    [Theory]
    [InlineData(null, null, 64, false)]
    [InlineData(null, null, 65, true)]
    [InlineData(10, null, 10, false)]
    [InlineData(10, null, 11, true)]
    [InlineData(10, 3.5, 11, false)]
    [InlineData(10, 2.0, 11, true)]
    [InlineData(100, null, 65, false)]
    public void When_load_drifts_apart_by_more_than_both_thresholds_lengths_are_disregarded(
        int? abs, double? rel, int more, bool disregarded)
    {
        var settings = new RoutingSettings { Balance = new BalanceSettings { AbsThreshold = abs, RelThreshold = rel } };
        var policy = new BucketPolicy(new PolicyContext(settings, _random, _time));
        var workers = Make.Workers(4);
        Send(workers, 5000, policy);
        _time.Advance(TimeSpan.FromSeconds(5));
        // The relative threshold needs something to multiply.
        var common = rel is null ? 0 : 5;
        foreach (var worker in workers)
            Ask.Occupy(worker, common);
        Ask.Occupy(workers[3], more);

        var sent = Send(workers, 500, policy);

        Assert.Equal(disregarded, !sent.Any(pick => pick.Worker == workers[3]));
    }

    private static double Bytes((Worker Worker, int Length)[] sent, Worker worker) =>
        (double)sent.Where(pick => pick.Worker == worker).Sum(static pick => (long)pick.Length) / sent.Sum(static pick => (long)pick.Length);

    private void Warm(Worker[] workers)
    {
        Send(workers, 5000);
        _time.Advance(TimeSpan.FromSeconds(5));
    }

    /// <summary>Lengths from 16 to 16,384, evenly over the octaves.</summary>
    private (Worker Worker, int Length)[] Send(Worker[] workers, int requests, BucketPolicy? policy = null)
    {
        var prompt = new byte[16_384];
        var sent = new (Worker, int)[requests];
        var tried = default(TriedWorkers);
        for (var i = 0; i < requests; i++)
        {
            var length = (int)(16 * Math.Pow(1024, _random.NextDouble()));
            sent[i] = ((policy ?? _policy).Pick(workers, new RouteRequest(prompt.AsSpan(0, length), RouteHints.None, in tried))!, length);
        }

        return sent;
    }
}
