using Gateway.Host.Admission;

namespace Gateway.Host.Tests.Admission;

/// <summary>When a peak of requests is over.</summary>
public sealed class PeakWatchTests
{
    private readonly PeakWatch _watch = new();

    [Fact]
    public void A_peak_is_over_when_next_to_nothing_has_run_at_two_looks_in_a_row()
    {
        Assert.False(_watch.IsOver(9000));
        Assert.False(_watch.IsOver(90));
        Assert.True(_watch.IsOver(90));
    }

    [Fact]
    public void A_lull_is_not_its_end()
    {
        Assert.False(_watch.IsOver(9000));
        Assert.False(_watch.IsOver(0));
        Assert.False(_watch.IsOver(5000));
        Assert.False(_watch.IsOver(0));
    }

    [Fact]
    public void What_still_runs_is_not_disturbed()
    {
        Assert.False(_watch.IsOver(9000));
        Assert.False(_watch.IsOver(91));
        Assert.False(_watch.IsOver(91));
    }

    [Fact]
    public void Its_end_is_told_once()
    {
        Assert.False(_watch.IsOver(100));
        Assert.False(_watch.IsOver(0));
        Assert.True(_watch.IsOver(0));

        Assert.False(_watch.IsOver(0));
        Assert.False(_watch.IsOver(0));
    }

    [Fact]
    public void A_few_requests_are_no_peak()
    {
        Assert.False(_watch.IsOver(63));
        Assert.False(_watch.IsOver(0));
        Assert.False(_watch.IsOver(0));
    }
}
