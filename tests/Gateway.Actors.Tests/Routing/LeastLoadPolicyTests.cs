using Gateway.Actors.Engines;
using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing;

public sealed class LeastLoadPolicyTests
{
    private readonly ManualTime _time = new();
    private readonly Worker[] _workers = Make.Workers(3);
    private readonly LeastLoadPolicy _policy;

    public LeastLoadPolicyTests() => _policy = new LeastLoadPolicy(new PolicyContext(RoutingSettings.Default, new Random(2), _time));

    [Fact]
    public void Without_reports_the_shortest_queue_is_taken()
    {
        Ask.Occupy(_workers[0], 2);
        Ask.Occupy(_workers[1], 1);
        AssertPicks(_workers[2]);
    }

    [Fact]
    public void The_engine_with_the_fewest_queued_tokens_is_taken_whatever_the_gateway_has_in_flight()
    {
        Ask.Occupy(_workers[0], 9);
        Report(0, queued: 100);
        Report(1, queued: 4000);
        Report(2, queued: 5000);
        AssertPicks(_workers[0]);
    }

    [Fact]
    public void What_is_sent_after_a_report_counts_so_that_the_best_of_a_poll_does_not_get_everything()
    {
        Report(0, queued: 0);
        Report(1, queued: 2048);
        Report(2, queued: 4096);
        for (var i = 0; i < 30; i++)
            Ask.Send(_policy, _workers);
        Assert.Equal([12, 10, 8], _workers.Select(static worker => worker.Load));
    }

    [Fact]
    public void A_fuller_cache_is_a_longer_wait()
    {
        Report(0, queued: 0, kv: 0.99);
        Report(1, queued: 2000, kv: 0);
        Report(2, queued: 0, kv: 1);
        // 0.15 · 0.99 / 0.01 = 14.9 s against 1 s of queue against 150 s.
        AssertPicks(_workers[1]);
    }

    [Fact]
    public void A_slow_engine_with_a_queue_is_judged_by_its_own_throughput()
    {
        Report(0, queued: 2000, throughput: 500);
        Report(1, queued: 4000, throughput: 4000);
        Report(2, queued: 4000, throughput: 1000);
        AssertPicks(_workers[1]);
    }

    [Fact]
    public void The_throughput_of_an_engine_without_a_queue_says_nothing_of_what_it_can_do()
    {
        _workers[0].Report(new EngineLoad { Running = 1, Throughput = 30, Timestamp = _time.GetTimestamp() });
        Report(1, queued: 3000);
        Report(2, queued: 3000);
        Ask.Occupy(_workers[0], 1);
        AssertPicks(_workers[0]);
    }

    [Fact]
    public void A_report_that_three_polls_have_not_renewed_is_disregarded()
    {
        Report(0, queued: 50_000);
        Ask.Occupy(_workers[1], 2);
        Ask.Occupy(_workers[2], 2);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.NotSame(_workers[0], Ask.Pick(_policy, _workers));
        _time.Advance(TimeSpan.FromSeconds(1));
        AssertPicks(_workers[0]);
    }

    [Fact]
    public void An_engine_that_tells_only_requests_is_judged_by_mean_prompts()
    {
        _workers[0].Report(new EngineLoad { Waiting = 3, Timestamp = _time.GetTimestamp() });
        Report(1, queued: 3000);
        Report(2, queued: 3100);
        AssertPicks(_workers[1]);
    }

    private void AssertPicks(Worker worker)
    {
        for (var i = 0; i < 20; i++)
            Assert.Same(worker, Ask.Pick(_policy, _workers));
    }

    private void Report(int index, long queued, double kv = 0, double throughput = 0) => _workers[index].Report(new EngineLoad
    {
        Waiting = queued > 0 ? 1 : 0,
        QueuedTokens = queued,
        KvUsage = kv,
        Throughput = throughput,
        Timestamp = _time.GetTimestamp(),
        InFlight = _workers[index].Load,
    });
}
