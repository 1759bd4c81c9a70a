namespace Gateway.Host.Admission;

/// <summary>What a tenant may ask for in a minute.</summary>
/// <param name="Requests">Null if any number of requests.</param>
/// <param name="Tokens">Prompt and answer together; null if any number of tokens.</param>
internal sealed record TenantRates(TokenBucket? Requests, TokenBucket? Tokens);
