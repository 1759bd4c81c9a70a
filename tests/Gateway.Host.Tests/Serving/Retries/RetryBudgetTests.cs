using CsCheck;
using Gateway.Host.Configuration;
using Gateway.Host.Serving.Retries;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Serving.Retries;

public sealed class RetryBudgetTests
{
    private static readonly TimeSpan Slice = RetryBudget.Window / RetryBudget.Slices;

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(0.2, 0, 100, 20)]
    [InlineData(0.2, 0, 4, 0)]
    [InlineData(0.2, 10, 0, 100)]
    [InlineData(0.2, 10, 1000, 300)]
    [InlineData(0, 0, 1000, 0)]
    [InlineData(1, 0, 7, 7)]
    public void Retries_may_be_a_share_of_the_recent_requests_and_the_floor_of_the_window(double ratio, double floor, int requests, int retries)
    {
        var budget = Make(ratio, floor);
        Count(budget, requests);

        Assert.Equal(retries, Take(budget, 2000));
        Assert.Equal(2000 - retries, budget.Refused);
        Assert.Equal(retries, budget.RecentRetries);
    }

    [Fact]
    public void What_was_spent_and_what_was_earned_are_forgotten_with_the_window()
    {
        var budget = Make(0.5, 0);
        Count(budget, 10);
        Assert.Equal(5, Take(budget, 9));

        _time.Advance(RetryBudget.Window - Slice);
        Assert.Equal(0, Take(budget, 1));
        Count(budget, 2);
        Assert.Equal(1, Take(budget, 9));

        _time.Advance(Slice);
        Assert.Equal(0, Take(budget, 1));
        Count(budget, 2);
        Assert.Equal(1, Take(budget, 9));
    }

    [Fact]
    public void Long_generations_count_while_they_run_so_that_those_of_a_dead_worker_can_move()
    {
        var budget = Make(0.2, 0, inFlight: 1000);
        Count(budget, 10);
        Assert.Equal(200, Take(budget, 250));
    }

    [Fact]
    public void A_refusal_spends_nothing()
    {
        var budget = Make(0.5, 0);
        Assert.Equal(0, Take(budget, 100));
        Count(budget, 4);
        Assert.Equal(2, Take(budget, 100));
    }

    [Fact]
    public void Over_any_window_the_retries_are_no_more_than_the_bound() =>
        Gen.Select(Gen.Double[0, 1], Gen.Int[0, 20], Gen.Select(Gen.Int[0, 4], Gen.Int[0, 40], Gen.Int[1, 900]).Array[1, 200]).Sample((ratio, floor, steps) =>
        {
            var time = new ManualTime();
            var budget = Make(ratio, floor, time);
            var requests = new List<TimeSpan>();
            var retries = new List<TimeSpan>();
            var now = TimeSpan.Zero;
            foreach (var (kind, count, milliseconds) in steps)
            {
                if (kind == 0)
                {
                    now += TimeSpan.FromMilliseconds(milliseconds);
                    time.Advance(TimeSpan.FromMilliseconds(milliseconds));
                }
                else if (kind <= 2)
                {
                    Count(budget, count, time);
                    requests.AddRange(Enumerable.Repeat(now, count));
                }
                else
                {
                    var taken = Take(budget, count);
                    if (taken == 0)
                        continue;
                    retries.AddRange(Enumerable.Repeat(now, taken));
                    var recent = retries.Count(at => at > now - (RetryBudget.Window - Slice));
                    var earned = requests.Count(at => at > now - RetryBudget.Window);
                    Assert.True(recent <= (ratio * earned) + (floor * RetryBudget.Window.TotalSeconds), $"{recent} of {earned} at {now}");
                }
            }
        });

    [Fact]
    public async Task Many_at_once_cannot_overdraw_it()
    {
        var budget = Make(0.2, 1);
        var taken = 0;
        await Parallel.ForAsync(0, 8, (_, _) =>
        {
            for (var i = 0; i < 5000; i++)
            {
                budget.CountRequest(_time.GetTimestamp());
                if (budget.TryTake())
                    Interlocked.Increment(ref taken);
            }

            return ValueTask.CompletedTask;
        });
        Assert.Equal(taken, budget.RecentRetries);
        Assert.InRange(taken, 1, (0.2 * 40_000) + 10);
        while (budget.TryTake())
            taken++;
        Assert.Equal((0.2 * 40_000) + 10, taken);
    }

    [Fact]
    public void Counting_a_request_allocates_nothing()
    {
        var budget = Make(0.2, 10);
        budget.CountRequest(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            budget.CountRequest(i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private RetryBudget Make(double ratio, double floor, TimeProvider? time = null, int inFlight = 0) =>
        new(new GatewayOptions { Retry = new RetryOptions { BudgetRatio = ratio, BudgetMinPerSecond = floor } }, time ?? _time, () => inFlight);

    private void Count(RetryBudget budget, int requests, TimeProvider? time = null)
    {
        for (var i = 0; i < requests; i++)
            budget.CountRequest((time ?? _time).GetTimestamp());
    }

    private static int Take(RetryBudget budget, int retries) => Enumerable.Range(0, retries).Count(_ => budget.TryTake());
}
