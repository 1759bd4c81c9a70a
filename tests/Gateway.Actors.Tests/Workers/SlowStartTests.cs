using CsCheck;
using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Workers;

public sealed class SlowStartTests
{
    private static readonly BreakerSettings Settings = new()
    {
        FailureThreshold = 1,
        SuccessThreshold = 1,
        OpenDuration = TimeSpan.FromSeconds(60),
        SlowStart = TimeSpan.FromSeconds(10),
    };

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(0, 0, 9)]
    [InlineData(0, 4, 49)]
    [InlineData(1, 0, 9)]
    [InlineData(2, 0, 4)]
    [InlineData(5, 0, 1)]
    [InlineData(5, 3, 7)]
    [InlineData(9.9, 3, 4)]
    [InlineData(10, 3, 3)]
    [InlineData(1000, 3, 3)]
    public void A_worker_that_has_come_looks_more_loaded_than_it_is_for_a_while(double seconds, int load, int effective)
    {
        var slowStart = new SlowStart(Settings.SlowStart, _time);
        slowStart.Begin();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(effective, slowStart.Inflate(load));
        Assert.Equal(seconds < 10, slowStart.IsOn);
    }

    [Fact]
    public void It_never_looks_less_loaded_than_it_is_and_less_loaded_with_time() =>
        Gen.Select(Gen.Double[0, 20], Gen.Double[0, 20], Gen.Int[0, 10_000], Gen.Int[0, 10_000]).Sample((first, later, load, more) =>
        {
            var time = new ManualTime();
            var slowStart = new SlowStart(Settings.SlowStart, time);
            Assert.Equal(load, slowStart.Inflate(load));
            slowStart.Begin();
            time.Advance(TimeSpan.FromSeconds(first));
            var before = slowStart.Inflate(load);
            Assert.InRange(before, load, ((load + 1) * 10) - 1);
            Assert.True(slowStart.Inflate(load + more) >= before);
            time.Advance(TimeSpan.FromSeconds(later));
            Assert.InRange(slowStart.Inflate(load), load, before);
        });

    [Fact]
    public void It_begins_when_the_breaker_closes_again()
    {
        var worker = Make.Worker(breaker: Settings, time: _time);
        Assert.Equal(0, worker.EffectiveLoad);
        Run(worker, AttemptOutcome.Failure);
        _time.Advance(Settings.OpenDuration);
        Assert.Equal(0, worker.EffectiveLoad);
        Run(worker, AttemptOutcome.Success);
        Assert.Equal(BreakerStatus.Closed, worker.Breaker.Status);
        Assert.Equal(9, worker.EffectiveLoad);
        _time.Advance(Settings.SlowStart);
        Assert.Equal(0, worker.EffectiveLoad);
    }

    [Fact]
    public void It_can_be_turned_off()
    {
        var slowStart = new SlowStart(TimeSpan.Zero, _time);
        slowStart.Begin();
        Assert.Equal(7, slowStart.Inflate(7));
    }

    [Fact]
    public void A_worker_that_comes_back_gets_its_share_of_held_requests_little_by_little()
    {
        var workers = Make.Workers(4, Settings, _time);
        var policy = new PowerOfTwoPolicy(new Random(3));
        for (var i = 0; i < 300; i++)
            Take(policy, workers.AsSpan(1));
        workers[0].BeginSlowStart();

        for (var second = 0; second <= 10; second++)
        {
            for (var i = 0; i < 30; i++)
                Take(policy, workers);
            // Never more than its share would be of what the others hold.
            Assert.InRange(workers[0].Load, 0, workers.Max(static worker => worker.Load) * Math.Clamp(second / 10.0, SlowStart.SmallestShare, 1));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        for (var i = 0; i < 400; i++)
            Take(policy, workers);
        Assert.InRange(workers[0].Load, 200, 300);
    }

    private static void Take(PowerOfTwoPolicy policy, ReadOnlySpan<Worker> workers) =>
        Assert.True(WorkerLease.TryAcquire(policy.Pick(workers, new RouteRequest([], RouteHints.None, in TriedWorkers.None))!, out _));

    private static void Run(Worker worker, AttemptOutcome outcome)
    {
        Assert.True(WorkerLease.TryAcquire(worker, out var lease));
        lease.Release(outcome);
    }
}
