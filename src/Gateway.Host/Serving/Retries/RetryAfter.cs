namespace Gateway.Host.Serving.Retries;

/// <summary>The <c>Retry-After</c> of an answer (RFC 9110, 10.2.3), in seconds or as a date.</summary>
internal static class RetryAfter
{
    /// <summary>More is taken for this much: nobody waits so long anyway, and the sums stay within their types.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <param name="answer">An engine's answer.</param>
    /// <param name="now">The time; a date is compared with the engine's own clock if it sent one.</param>
    /// <returns>How long it asks to wait; 0 if it does not ask.</returns>
    public static TimeSpan Of(HttpResponseMessage answer, DateTimeOffset now)
    {
        var asked = answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - (answer.Headers.Date ?? now),
            _ => TimeSpan.Zero,
        };
        return asked <= TimeSpan.Zero ? TimeSpan.Zero : asked < Longest ? asked : Longest;
    }
}
