namespace Gateway.Host.Admission;

/// <summary>What may be asked for in a minute: by one tenant, or of one model by all tenants together.</summary>
/// <param name="Requests">Null if any number of requests.</param>
/// <param name="Tokens">Prompt and answer together; null if any number of tokens.</param>
/// <param name="Model">Whose they are; null if they are a tenant's.</param>
internal sealed record MinuteRates(TokenBucket? Requests, TokenBucket? Tokens, string? Model = null)
{
    /// <returns>Null if neither is limited.</returns>
    public static MinuteRates? Of(int? requests, int? tokens, TimeProvider time, string? model = null) =>
        requests is null && tokens is null ? null : new MinuteRates(Bucket(requests, time), Bucket(tokens, time), model);

    private static TokenBucket? Bucket(int? perMinute, TimeProvider time) => perMinute is { } limit ? new TokenBucket(limit, time) : null;
}
