namespace Gateway.Host.Api.Admin.Tokens;

/// <summary>The issuer's keys cannot be had, so that nobody can say whether a token is good.</summary>
internal sealed class IssuerUnreachableException(Exception cause) : Exception("the issuer's keys cannot be had", cause);
