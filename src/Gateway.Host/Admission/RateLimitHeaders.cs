using System.Globalization;

namespace Gateway.Host.Admission;

/// <summary>
/// Tells a client, if its tenant or its model has limits, how much of them is left, in the headers of OpenAI's API: <c>x-ratelimit-limit-requests</c>,
/// <c>-remaining-requests</c>, <c>-reset-requests</c>, and the same for tokens. Where both have
/// limits it is told of the one that stops it first.
/// </summary>
internal static class RateLimitHeaders
{
    /// <summary>Puts them on the answer when it begins, over what an engine may say of limits of its own.</summary>
    public static void Announce(HttpResponse response, RateReservation rates) => response.OnStarting(
        static state =>
        {
            var (response, rates) = ((HttpResponse, RateReservation))state;
            if (rates.Requests is { } requests)
                Write(response.Headers, requests, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests");
            if (rates.Tokens is { } tokens)
                Write(response.Headers, tokens, "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens");
            return Task.CompletedTask;
        },
        (response, rates));

    /// <summary>As Go writes durations, which OpenAI uses: <c>1m30s</c>, <c>2.5s</c>, <c>20ms</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        if (time < TimeSpan.FromSeconds(1))
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMilliseconds):0}ms");
        var seconds = Math.Ceiling(time.TotalSeconds * 1000) / 1000;
        var minutes = Math.Floor(seconds / 60);
        return minutes == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###}s")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes:0}m{seconds - (60 * minutes):0.###}s");
    }

    private static void Write(IHeaderDictionary headers, TokenBucket bucket, string limit, string remaining, string reset)
    {
        headers[limit] = bucket.Limit.ToString(CultureInfo.InvariantCulture);
        headers[remaining] = bucket.Remaining.ToString(CultureInfo.InvariantCulture);
        headers[reset] = Duration(bucket.UntilFull);
    }
}
