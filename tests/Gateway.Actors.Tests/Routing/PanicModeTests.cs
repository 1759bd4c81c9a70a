using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing;

public sealed class PanicModeTests
{
    private static readonly BreakerSettings OneFailureOpens = new() { FailureThreshold = 1 };

    [Theory]
    [InlineData(4, 4, 0, false)]
    [InlineData(4, 0, 0.5, false)]
    [InlineData(4, 2, 0.5, false)]
    [InlineData(4, 3, 0.5, true)]
    [InlineData(4, 4, 0.5, true)]
    [InlineData(4, 1, 1, true)]
    [InlineData(0, 0, 0.5, false)]
    public void It_is_on_when_fewer_workers_are_left_than_the_threshold(int workers, int broken, double threshold, bool isOn)
    {
        var candidates = Make.Workers(workers, OneFailureOpens);
        foreach (var worker in candidates.AsSpan(0, broken))
            Break(worker);
        Assert.Equal(isOn, PanicMode.IsOn(candidates, threshold));
    }

    [Fact]
    public void An_attempt_that_the_breaker_did_not_allow_says_nothing_to_it_and_is_counted_as_load()
    {
        var worker = Make.Worker(breaker: OneFailureOpens);
        Break(worker);
        Assert.False(WorkerLease.TryAcquire(worker, promptBytes: 0, ignoreBreaker: false, out _));
        foreach (var outcome in Enum.GetValues<AttemptOutcome>())
        {
            Assert.True(WorkerLease.TryAcquire(worker, promptBytes: 0, ignoreBreaker: true, out var lease));
            Assert.Equal(1, worker.Load);
            lease.Release(outcome);
            Assert.Equal((0, BreakerStatus.Open), (worker.Load, worker.Breaker.Status));
        }
    }

    [Fact]
    public void A_closed_or_avoided_worker_stays_out_in_panic()
    {
        var workers = Make.Workers(3, OneFailureOpens);
        foreach (var worker in workers)
            Break(worker);
        workers[0].Close();
        var avoid = default(TriedWorkers);
        avoid.Add(workers[1].Id);
        var request = new RouteRequest([], RouteHints.None, in avoid, ignoreBreakers: true);
        Assert.False(request.IsEligible(workers[0]));
        Assert.False(request.IsEligible(workers[1]));
        Assert.True(request.IsEligible(workers[2]));
        Assert.False(WorkerLease.TryAcquire(workers[0], promptBytes: 0, ignoreBreaker: true, out _));
    }

    private static void Break(Worker worker)
    {
        Assert.True(WorkerLease.TryAcquire(worker, out var lease));
        lease.Release(AttemptOutcome.Failure);
    }
}
