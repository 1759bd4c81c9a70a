using Gateway.Host.Api;

namespace Gateway.Host.Admission;

/// <summary>
/// What one request has taken from its tenant's buckets: a request, and the tokens it was estimated to cost, which are settled when
/// the engine has said what it did cost. A request that has reached no engine costs nothing.
/// </summary>
internal sealed class RateReservation(TenantRates rates)
{
    private long _reserved;
    private bool _settled;

    /// <summary>The end of the answer, in which the engine says what it cost; null if there is no limit to settle with.</summary>
    public UsageTail? Usage { get; } = rates.Tokens is null ? null : new UsageTail();

    /// <summary>Takes the request itself.</summary>
    /// <returns>Null, or the refusal.</returns>
    public static GatewayError? TryBegin(TenantRates rates, out RateReservation? reservation)
    {
        reservation = null;
        if (rates.Requests is { } requests && !requests.TryTake(1, out var wait))
            return GatewayError.TooManyRequestsPerMinute(requests.Limit, wait);
        reservation = new RateReservation(rates);
        return null;
    }

    /// <summary>Takes the tokens. An estimate above what the bucket holds takes all of it: else it would never pass.</summary>
    /// <returns>Null, or the refusal.</returns>
    public GatewayError? Reserve(long estimate)
    {
        if (rates.Tokens is not { } tokens)
            return null;
        var amount = Math.Min(estimate, tokens.Limit);
        if (!tokens.TryTake(amount, out var wait))
            return GatewayError.TooManyTokensPerMinute(tokens.Limit, wait);
        _reserved = amount;
        return null;
    }

    /// <summary>Ends it: once, when the request has ended.</summary>
    /// <param name="reachedEngine">False gives everything back.</param>
    /// <param name="succeeded">False if the answer was an error, which cost no tokens.</param>
    public void Settle(bool reachedEngine, bool succeeded)
    {
        if (_settled)
            return;
        _settled = true;
        if (!reachedEngine)
            rates.Requests?.Charge(-1);
        if (rates.Tokens is not { } tokens)
            return;
        var used = !reachedEngine || !succeeded ? 0 : Usage!.TryRead(out var total) ? total : _reserved;
        Usage!.Dispose();
        if (used != _reserved)
            tokens.Charge(used - _reserved);
    }
}
