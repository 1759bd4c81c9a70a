using Gateway.Host.Api;

namespace Gateway.Host.Admission;

/// <summary>
/// What one request has taken from its tenant's and its model's buckets: a request each, and the tokens it was estimated to cost, which
/// are settled when the engine has said what it did cost. A request that has reached no engine costs nothing.
/// </summary>
internal sealed class RateReservation
{
    private RateClaim _tenant;
    private RateClaim _model;
    private bool _settled;

    /// <summary>The end of the answer, in which the engine says what it cost; null if there is no limit to settle with.</summary>
    public UsageTail? Usage { get; private set; }

    /// <summary>The bucket of requests that decides how many more there may be; null if there is none.</summary>
    public TokenBucket? Requests => Deciding(_tenant.Rates?.Requests, _model.Rates?.Requests);

    /// <summary>The same for tokens.</summary>
    public TokenBucket? Tokens => Deciding(_tenant.Rates?.Tokens, _model.Rates?.Tokens);

    /// <summary>Takes the request from its tenant's bucket.</summary>
    /// <returns>Null, or the refusal.</returns>
    public GatewayError? BeginTenant(MinuteRates rates)
    {
        _tenant = new RateClaim(rates);
        return _tenant.TakeRequest();
    }

    /// <summary>Takes the request from its model's bucket.</summary>
    /// <returns>Null, or the refusal.</returns>
    public GatewayError? BeginModel(MinuteRates rates)
    {
        _model = new RateClaim(rates);
        return _model.TakeRequest();
    }

    /// <summary>Takes the tokens.</summary>
    /// <returns>Null, or the refusal.</returns>
    public GatewayError? Reserve(long estimate)
    {
        if ((_tenant.TakeTokens(estimate) ?? _model.TakeTokens(estimate)) is { } refusal)
            return refusal;
        if (Tokens is not null)
            Usage = new UsageTail();
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
        long? used = !reachedEngine || !succeeded ? 0 : Usage is not null && Usage.TryRead(out var total) ? total : null;
        Usage?.Dispose();
        _tenant.Settle(reachedEngine, used);
        _model.Settle(reachedEngine, used);
    }

    /// <summary>Of two the one that has refused, else the one that has less left.</summary>
    private TokenBucket? Deciding(TokenBucket? tenant, TokenBucket? model)
    {
        if (tenant is null || model is null)
            return tenant ?? model;
        if (tenant == _tenant.Refused || model == _model.Refused)
            return tenant == _tenant.Refused ? tenant : model;
        return model.Remaining < tenant.Remaining ? model : tenant;
    }
}
