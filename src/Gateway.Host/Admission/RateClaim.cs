using Gateway.Host.Api;

namespace Gateway.Host.Admission;

/// <summary>What one request has taken of one tenant's or one model's rates; the default is nothing of none.</summary>
internal struct RateClaim(MinuteRates rates)
{
    private bool _tookRequest;
    private long _tokens;

    /// <summary>Null if there is no limit.</summary>
    public readonly MinuteRates? Rates => rates;

    /// <summary>The bucket that had too little; null as long as none has.</summary>
    public TokenBucket? Refused { get; private set; }

    /// <summary>Takes the request itself.</summary>
    /// <returns>Null, or the refusal.</returns>
    public GatewayError? TakeRequest()
    {
        if (rates.Requests is not { } requests)
            return null;
        _tookRequest = requests.TryTake(1, out var wait);
        if (_tookRequest)
            return null;
        Refused = requests;
        return GatewayError.TooManyRequestsPerMinute(requests.Limit, rates.Model, wait);
    }

    /// <summary>Takes the tokens. An estimate above what the bucket holds takes all of it: else it would never pass.</summary>
    /// <returns>Null, or the refusal.</returns>
    public GatewayError? TakeTokens(long estimate)
    {
        if (rates?.Tokens is not { } tokens)
            return null;
        var amount = Math.Min(estimate, tokens.Limit);
        if (tokens.TryTake(amount, out var wait))
        {
            _tokens = amount;
            return null;
        }

        Refused = tokens;
        return GatewayError.TooManyTokensPerMinute(tokens.Limit, rates.Model, wait);
    }

    /// <summary>Gives back what was not used, or charges what was used beyond it.</summary>
    /// <param name="reachedEngine">False gives the request back too.</param>
    /// <param name="used">Tokens; null if it is not known, and the estimate stands.</param>
    public readonly void Settle(bool reachedEngine, long? used)
    {
        if (_tookRequest && !reachedEngine)
            rates.Requests!.Charge(-1);
        if (used is { } tokens && tokens != _tokens)
            rates?.Tokens?.Charge(tokens - _tokens);
    }
}
