using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Workers;

public sealed class CircuitBreakerTests
{
    private static readonly BreakerSettings Settings = new()
    {
        FailureThreshold = 4,
        FailureRate = 0.5,
        SuccessThreshold = 2,
        MaxTrials = 2,
        OpenDuration = TimeSpan.FromSeconds(60),
        Window = TimeSpan.FromSeconds(120),
    };

    private readonly ManualTime _time = new();
    private readonly CircuitBreaker _breaker;

    public CircuitBreakerTests() => _breaker = new CircuitBreaker(Settings, _time);

    [Fact]
    public void It_opens_after_as_many_failures_in_a_row_as_the_threshold()
    {
        Record(AttemptOutcome.Failure, 3);
        Assert.Equal(BreakerStatus.Closed, _breaker.Status);
        Record(AttemptOutcome.Failure, 1);
        Assert.Equal(BreakerStatus.Open, _breaker.Status);
        Assert.False(_breaker.Allows);
        Assert.False(_breaker.TryEnter(out _));
    }

    [Fact]
    public void A_success_between_failures_starts_the_row_anew()
    {
        for (var i = 0; i < 3; i++)
        {
            Record(AttemptOutcome.Success, 2);
            Record(AttemptOutcome.Failure, 1);
        }

        Record(AttemptOutcome.Success, 1);
        Assert.Equal(0, _breaker.ConsecutiveFailures);
        Assert.Equal(BreakerStatus.Closed, _breaker.Status);
    }

    [Fact]
    public void It_opens_when_the_window_holds_enough_failures_and_they_are_more_than_the_rate()
    {
        // F S F F S F: four failures of six, never more than two in a row.
        AttemptOutcome[] outcomes =
        [
            AttemptOutcome.Failure, AttemptOutcome.Success, AttemptOutcome.Failure,
            AttemptOutcome.Failure, AttemptOutcome.Success, AttemptOutcome.Failure,
        ];
        foreach (var outcome in outcomes)
            Record(outcome, 1);
        Assert.Equal(BreakerStatus.Open, _breaker.Status);
    }

    [Fact]
    public void Failures_that_have_left_the_window_do_not_count()
    {
        Record(AttemptOutcome.Failure, 3);
        Record(AttemptOutcome.Success, 1);
        _time.Advance(Settings.Window * 1.2);
        Record(AttemptOutcome.Failure, 3);
        Assert.Equal(BreakerStatus.Closed, _breaker.Status);
    }

    [Fact]
    public void Back_pressure_and_cancellation_count_for_nothing()
    {
        Record(AttemptOutcome.Failure, 3);
        Record(AttemptOutcome.Backpressure, 100);
        Record(AttemptOutcome.Cancelled, 100);
        Assert.Equal((BreakerStatus.Closed, 3), (_breaker.Status, _breaker.ConsecutiveFailures));
    }

    [Fact]
    public void After_its_time_it_lets_a_limited_number_of_trials_through()
    {
        Open();
        _time.Advance(Settings.OpenDuration - TimeSpan.FromSeconds(1));
        Assert.False(_breaker.TryEnter(out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_breaker.TryEnter(out _));
        Assert.True(_breaker.TryEnter(out _));
        Assert.False(_breaker.Allows);
        Assert.False(_breaker.TryEnter(out _));
    }

    [Fact]
    public void Trials_that_succeed_in_a_row_close_it()
    {
        Open();
        _time.Advance(Settings.OpenDuration);
        Record(AttemptOutcome.Success, 1);
        Assert.Equal(BreakerStatus.HalfOpen, _breaker.Status);
        Record(AttemptOutcome.Success, 1);
        Assert.Equal(BreakerStatus.Closed, _breaker.Status);
        Record(AttemptOutcome.Failure, 1);
        Assert.Equal((BreakerStatus.Closed, 1), (_breaker.Status, _breaker.ConsecutiveFailures));
    }

    [Fact]
    public void One_failed_trial_opens_it_for_its_whole_time_again()
    {
        Open();
        _time.Advance(Settings.OpenDuration);
        Record(AttemptOutcome.Success, 1);
        Record(AttemptOutcome.Failure, 1);
        Assert.Equal(BreakerStatus.Open, _breaker.Status);
        _time.Advance(Settings.OpenDuration - TimeSpan.FromSeconds(1));
        Assert.False(_breaker.Allows);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_breaker.Allows);
    }

    [Theory]
    [InlineData(AttemptOutcome.Cancelled)]
    [InlineData(AttemptOutcome.Backpressure)]
    public void A_trial_that_proves_nothing_gives_its_place_to_the_next(AttemptOutcome outcome)
    {
        Open();
        _time.Advance(Settings.OpenDuration);
        Record(outcome, 20);
        Assert.Equal(BreakerStatus.HalfOpen, _breaker.Status);
        Record(AttemptOutcome.Success, 2);
        Assert.Equal(BreakerStatus.Closed, _breaker.Status);
    }

    [Fact]
    public void An_outcome_of_a_request_from_before_it_opened_changes_nothing()
    {
        Assert.True(_breaker.TryEnter(out var early));
        Open();
        _time.Advance(Settings.OpenDuration);
        Assert.True(_breaker.TryEnter(out var trial));
        _breaker.Record(early, AttemptOutcome.Failure);
        Assert.Equal(BreakerStatus.HalfOpen, _breaker.Status);
        _breaker.Record(trial, AttemptOutcome.Success);
        Record(AttemptOutcome.Success, 1);
        Assert.Equal(BreakerStatus.Closed, _breaker.Status);
    }

    [Fact]
    public void A_disabled_breaker_never_opens()
    {
        var breaker = new CircuitBreaker(Settings with { Disabled = true }, _time);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(breaker.TryEnter(out var permit));
            breaker.Record(permit, AttemptOutcome.Failure);
        }

        Assert.True(breaker.Allows);
    }

    [Fact]
    public async Task Under_contention_no_more_trials_run_at_once_than_allowed()
    {
        Open();
        _time.Advance(Settings.OpenDuration);
        var running = 0;
        var most = 0;
        await Parallel.ForAsync(0, 8, (_, _) =>
        {
            for (var i = 0; i < 2000; i++)
            {
                if (!_breaker.TryEnter(out var permit))
                    continue;
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                Interlocked.Decrement(ref running);
                _breaker.Record(permit, AttemptOutcome.Cancelled);
            }

            return ValueTask.CompletedTask;
        });
        Assert.InRange(most, 1, Settings.MaxTrials);
        Assert.True(_breaker.Allows);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
            seen = Interlocked.CompareExchange(ref target, value, seen);
    }

    private void Open() => Record(AttemptOutcome.Failure, Settings.FailureThreshold);

    private void Record(AttemptOutcome outcome, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(_breaker.TryEnter(out var permit));
            _breaker.Record(permit, outcome);
        }
    }
}
