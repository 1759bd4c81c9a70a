using CsCheck;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Workers;

public sealed class SlidingWindowTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(12);

    [Fact]
    public void It_counts_all_of_the_last_eleven_twelfths_and_nothing_older_than_the_window() =>
        Gen.Select(Gen.Int[0, 4000], Gen.Bool).Array[0, 200].Sample(steps =>
        {
            var window = new SlidingWindow(Length);
            var now = TimeSpan.Zero;
            var events = new List<(TimeSpan At, bool Success)>();
            foreach (var (wait, success) in steps)
            {
                now += TimeSpan.FromMilliseconds(wait);
                if (success)
                    window.RecordSuccess(now);
                else
                    window.RecordFailure(now);
                events.Add((now, success));
                var (successes, failures) = window.Sum(now);
                Assert.InRange(successes, Count(events, true, now - (Length * 11 / 12)), Count(events, true, now - Length));
                Assert.InRange(failures, Count(events, false, now - (Length * 11 / 12)), Count(events, false, now - Length));
            }
        });

    [Fact]
    public void A_cleared_window_is_empty()
    {
        var window = new SlidingWindow(Length);
        window.RecordFailure(TimeSpan.Zero);
        window.Clear();
        Assert.Equal((0, 0), window.Sum(TimeSpan.Zero));
    }

    [Fact]
    public async Task No_outcome_is_lost_under_contention()
    {
        var window = new SlidingWindow(Length);
        await Parallel.ForAsync(0, 4, (_, _) =>
        {
            for (var i = 0; i < 5000; i++)
            {
                window.RecordSuccess(TimeSpan.Zero);
                window.RecordFailure(TimeSpan.Zero);
            }

            return ValueTask.CompletedTask;
        });
        Assert.Equal((20_000, 20_000), window.Sum(TimeSpan.Zero));
    }

    private static long Count(List<(TimeSpan At, bool Success)> events, bool success, TimeSpan since) =>
        events.Count(item => item.Success == success && item.At > since);
}
