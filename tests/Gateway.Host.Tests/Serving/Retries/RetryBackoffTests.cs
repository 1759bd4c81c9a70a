using System.Globalization;
using CsCheck;
using Gateway.Host.Configuration;
using Gateway.Host.Serving.Retries;

namespace Gateway.Host.Tests.Serving.Retries;

public sealed class RetryBackoffTests
{
    private static readonly RetryOptions Default = new();

    [Theory]
    [InlineData(0, 50)]
    [InlineData(1, 75)]
    [InlineData(2, 112.5)]
    [InlineData(15, 21894.7)]
    [InlineData(16, 30000)]
    [InlineData(int.MaxValue, 30000)]
    public void The_longest_wait_grows_by_the_multiplier_up_to_the_cap(int waits, double milliseconds) =>
        Assert.Equal(milliseconds, RetryBackoff.Delay(Default, waits, draw: 0).TotalMilliseconds, 0.1);

    [Fact]
    public void Full_jitter_takes_anything_from_nothing_to_the_longest() =>
        Gen.Select(Gen.Int[0, 100], Gen.Double.Unit).Sample((waits, draw) =>
        {
            var longest = RetryBackoff.Delay(Default, waits, 0);
            Assert.Equal(longest.TotalMilliseconds * (1 - draw), RetryBackoff.Delay(Default, waits, draw).TotalMilliseconds, 0.001);
        });

    [Fact]
    public void Less_jitter_keeps_a_part_of_the_wait() =>
        Gen.Select(Gen.Int[0, 100], Gen.Double.Unit, Gen.Double.Unit).Sample((waits, draw, jitter) =>
        {
            var longest = RetryBackoff.Delay(Default, waits, 0).TotalMilliseconds;
            Assert.InRange(RetryBackoff.Delay(Default with { JitterFactor = jitter }, waits, draw).TotalMilliseconds, (longest * (1 - jitter)) - 0.001, longest);
        });

    public static TheoryData<string?, string?, double> Headers => new()
    {
        { null, null, 0 },
        { "0", null, 0 },
        { "7", null, 7 },
        { "-3", null, 0 },
        { "soon", null, 0 },
        { "999999999", null, 86_400 },
        { "Fri, 31 Dec 9999 00:00:00 GMT", null, 86_400 },
        { "Thu, 01 Jan 2026 00:00:09 GMT", null, 9 },
        { "Wed, 31 Dec 2025 23:59:00 GMT", null, 0 },
        // The engine's clock is a minute ahead.
        { "Thu, 01 Jan 2026 00:01:09 GMT", "Thu, 01 Jan 2026 00:01:00 GMT", 9 },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Retry_after_is_read_in_seconds_and_as_a_date(string? retryAfter, string? date, double seconds)
    {
        using var answer = new HttpResponseMessage();
        if (retryAfter is not null)
            answer.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        if (date is not null)
            answer.Headers.TryAddWithoutValidation("Date", date);
        var now = DateTimeOffset.Parse("2026-01-01T00:00:00Z", CultureInfo.InvariantCulture);

        Assert.Equal(seconds, RetryAfter.Of(answer, now).TotalSeconds);
    }
}
