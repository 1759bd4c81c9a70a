using Gateway.Actors.Routing.Peers;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing.Peers;

public sealed class PeerLoadsTests
{
    private readonly ManualTime _time = new();
    private readonly PeerLoads _loads;
    private readonly Worker[] _workers = Make.Workers(2);

    public PeerLoadsTests() => _loads = new PeerLoads(_time);

    [Fact]
    public void What_peers_have_on_a_worker_is_added_up_and_added_to_its_own()
    {
        Assert.True(WorkerLease.TryAcquire(_workers[0], 100, out var lease));
        _loads.Report("a", [new PeerLoad(_workers[0].Id, 3, 1000)]);
        _loads.Report("b", [new PeerLoad(_workers[0].Id, 4, 0), new PeerLoad(_workers[1].Id, 1, 50)]);
        _loads.Apply(_workers);
        Assert.Equal([8, 1], _workers.Select(static worker => worker.EffectiveLoad));
        Assert.Equal([1100, 50], _workers.Select(static worker => worker.EffectivePendingPromptBytes));
        lease.Release(AttemptOutcome.Success);
    }

    [Fact]
    public void What_is_held_here_stays_what_is_held_here()
    {
        _loads.Report("a", [new PeerLoad(_workers[0].Id, 3, 1000)]);
        _loads.Apply(_workers);
        Assert.Equal((0, 3), (_workers[0].Load, _workers[0].PeerLoad));
        Assert.Equal(0, _workers[0].PendingPromptBytes);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(3, 100)]
    [InlineData(6.5, 50)]
    [InlineData(9.3, 10)]
    [InlineData(10, 0)]
    [InlineData(1000, 0)]
    public void A_peer_that_falls_silent_counts_fully_for_three_seconds_and_fades_until_ten(double seconds, int left)
    {
        _loads.Report("a", [new PeerLoad(_workers[0].Id, 100, 1000)]);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _loads.Apply(_workers);
        Assert.Equal(left, _workers[0].PeerLoad);
        Assert.InRange(_workers[0].EffectivePendingPromptBytes, (left * 10) - 1, left * 10);
    }

    [Fact]
    public void A_peer_that_has_faded_and_comes_back_is_believed_at_once()
    {
        _loads.Report("a", [new PeerLoad(_workers[0].Id, 100, 0)]);
        _time.Advance(TimeSpan.FromSeconds(20));
        _loads.Apply(_workers);
        _loads.Report("a", [new PeerLoad(_workers[1].Id, 7, 0)]);
        _loads.Apply(_workers);
        Assert.Equal([0, 7], _workers.Select(static worker => worker.PeerLoad));
    }

    [Fact]
    public void A_peer_that_leaves_is_dropped_at_once_and_the_others_stay()
    {
        _loads.Report("a", [new PeerLoad(_workers[0].Id, 3, 10)]);
        _loads.Report("b", [new PeerLoad(_workers[0].Id, 4, 20)]);
        _loads.Forget("a");
        _loads.Apply(_workers);
        Assert.Equal((4, 20), (_workers[0].PeerLoad, _workers[0].EffectivePendingPromptBytes));
    }

    [Fact]
    public void One_report_that_differs_moves_little_and_many_move_all()
    {
        ReportEverySecond(10, 60);
        Assert.Equal(60, _workers[0].PeerLoad);
        ReportEverySecond(1, 0);
        Assert.InRange(_workers[0].PeerLoad, 45, 55);
        ReportEverySecond(4, 0);
        // 63 % of the way after the smoothing's five seconds.
        Assert.InRange(_workers[0].PeerLoad, 21, 23);
        ReportEverySecond(50, 0);
        Assert.Equal(0, _workers[0].PeerLoad);
    }

    [Fact]
    public void Numbers_that_cannot_be_are_none()
    {
        _loads.Report("a", [new PeerLoad(_workers[0].Id, -5, -1000), new PeerLoad(_workers[1].Id, int.MaxValue, long.MaxValue)]);
        _loads.Report("b", [new PeerLoad(_workers[1].Id, int.MaxValue, long.MaxValue)]);
        _loads.Apply(_workers);
        Assert.Equal((0, 0), (_workers[0].EffectiveLoad, _workers[0].EffectivePendingPromptBytes));
        Assert.Equal(int.MaxValue, _workers[1].EffectiveLoad);
        Assert.True(_workers[1].EffectivePendingPromptBytes > 0);
    }

    [Fact]
    public void Each_rank_of_a_worker_has_its_own()
    {
        var whole = _workers[0].WithRanks(2, 1000, BreakerSettings.Default, _time);
        Assert.True(WorkerLease.TryAcquire(whole.Ranks[1], 30, out var lease));
        Assert.Equal([new PeerLoad(whole.Ranks[1].Id, 1, 30)], PeerLoad.Of([whole]));
        _loads.Report("a", [new PeerLoad(whole.Ranks[0].Id, 2, 0), new PeerLoad(whole.Ranks[1].Id, 3, 0)]);
        _loads.Apply([whole]);
        Assert.Equal([2, 4], whole.Ranks.Select(static rank => rank.EffectiveLoad));
        Assert.Equal((1, 5), (whole.Load, whole.PeerLoad));
        lease.Release(AttemptOutcome.Success);
    }

    [Fact]
    public void A_gateway_tells_of_the_workers_it_has_something_on()
    {
        Assert.True(WorkerLease.TryAcquire(_workers[1], 70, out var lease));
        _loads.Report("a", [new PeerLoad(_workers[0].Id, 9, 9)]);
        _loads.Apply(_workers);
        // Not of what it was told itself: that would come round and round.
        Assert.Equal([new PeerLoad(_workers[1].Id, 1, 70)], PeerLoad.Of(_workers));
        lease.Release(AttemptOutcome.Success);
    }

    private void ReportEverySecond(int times, int inFlight)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _loads.Report("a", inFlight == 0 ? [] : [new PeerLoad(_workers[0].Id, inFlight, 0)]);
        }

        _loads.Apply(_workers);
    }
}
