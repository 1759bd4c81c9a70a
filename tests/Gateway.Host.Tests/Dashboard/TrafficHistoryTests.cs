using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Gateway.Host.Dashboard.Requests;
using Gateway.Host.Dashboard.Traffic;
using Gateway.Host.Dashboard.Watching;

namespace Gateway.Host.Tests.Dashboard;

public sealed class TrafficHistoryTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly TrafficCounts _counts = new();
    private readonly Watchers _watchers = new();
    private readonly AdmissionGate _gate;
    private readonly WeighingBudget _budget;
    private readonly TrafficHistory _history;
    private readonly List<TrafficSample> _samples = [];
    private long _next;

    public TrafficHistoryTests()
    {
        var options = new GatewayOptions();
        var queue = new AdmissionQueue(options, _time);
        _gate = new AdmissionGate(options, queue);
        _budget = new WeighingBudget(_watchers);
        _history = new TrafficHistory(_counts, _budget, _gate, queue, options, _time);
    }

    [Fact]
    public void A_sample_has_what_ended_since_the_one_before()
    {
        Count(3);
        Take(seconds: 1);
        Count(2);
        Take(seconds: 1);

        Assert.Equal([3, 2], Read().Select(static sample => sample.Counts[(int)TrafficCount.Good]));
        Assert.Empty(Read());
    }

    [Fact]
    public void Ticks_that_come_together_make_one_sample()
    {
        Count(3);
        Take(seconds: 1.9);
        Count(4);
        Take(seconds: 0.001);
        Take(seconds: 1);

        Assert.Equal([(3, 1.9), (4, 1.001)], Read().Select(static sample => (sample.Counts[(int)TrafficCount.Good], sample.Seconds)));
    }

    [Fact]
    public void The_last_minutes_are_kept_and_no_more()
    {
        for (var second = 0; second < TrafficHistory.Capacity + 10; second++)
            Take(seconds: 1);

        Assert.Equal(TrafficHistory.Capacity, Read().Count);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(11), _samples[0].At);
    }

    [Fact]
    public void Weighing_is_noted_for_a_few_requests_a_second_and_for_none_while_nobody_watches()
    {
        Take(seconds: 1);
        Assert.False(_budget.TryTake());
        Assert.True(_watchers.TryEnter());
        Take(seconds: 1);

        Assert.Equal(WeighingBudget.PerSecond, Enumerable.Range(0, 1000).Count(_ => _budget.TryTake()));

        _watchers.Exit();
        Take(seconds: 1);
        Assert.False(_budget.TryTake());
    }

    public void Dispose()
    {
        _history.Dispose();
        _gate.Dispose();
        _watchers.Dispose();
    }

    private List<TrafficSample> Read()
    {
        _history.Read(ref _next, _samples);
        return _samples;
    }

    private void Take(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _history.Take();
    }

    private void Count(int requests)
    {
        for (var i = 0; i < requests; i++)
            _counts.Count(AnyRequest.Ended());
    }
}
