using System.Text.Encodings.Web;
using Gateway.Host.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Host.Api.Admin.Tokens;

/// <summary>
/// Judges bearer tokens with ASP.NET's own handler. It is asked by the control plane alone and is no middleware: what stands before every
/// endpoint would stand before generations too.
/// </summary>
internal sealed class TokenCheck
{
    private const int LongestSubject = 128;

    private static readonly AuthenticationScheme Scheme = new(JwtBearerDefaults.AuthenticationScheme, null, typeof(JwtBearerHandler));

    private readonly JwtBearerOptions? _options;
    private readonly TokenRoles _roles;
    private readonly ILoggerFactory _logs;

    public TokenCheck(GatewayOptions options, TokenIssuer issuer, ILoggerFactory logs)
    {
        var jwt = options.Security.Jwt;
        _logs = logs;
        _roles = new TokenRoles(jwt);
        _options = !jwt.IsOn ? null : new JwtBearerOptions
        {
            ConfigurationManager = issuer,
            MapInboundClaims = false,
            SaveToken = false,
            TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = jwt.Issuer,
                ValidAudience = jwt.Audience,
                ValidAlgorithms = [.. jwt.Algorithms],
                ClockSkew = jwt.ClockSkew,
                RequireExpirationTime = true,
                RequireSignedTokens = true,
                ValidateIssuerSigningKey = true,
            },
        };
    }

    /// <returns>Null if the request carries no token, or one that is not good.</returns>
    /// <exception cref="IssuerUnreachableException">Nobody can say.</exception>
    public async Task<TokenHolder?> HolderOfAsync(HttpContext context)
    {
        if (_options is null)
            return null;
        var result = await AuthenticateAsync(context, _options);
        // The handler has had the issuer asked again by now, if it was not asked a moment ago.
        if (result.Failure is SecurityTokenSignatureKeyNotFoundException)
            result = await AuthenticateAsync(context, _options);
        return result.Principal is { } principal && principal.FindFirst("sub")?.Value is { Length: > 0 } subject
            ? new TokenHolder(Harmless(subject), _roles.Of(principal))
            : null;
    }

    private async Task<AuthenticateResult> AuthenticateAsync(HttpContext context, JwtBearerOptions options)
    {
        var handler = new JwtBearerHandler(new Always(options), _logs, UrlEncoder.Default);
        await handler.InitializeAsync(Scheme, context);
        return await handler.AuthenticateAsync();
    }

    /// <summary>It stands in log lines.</summary>
    private static string Harmless(string subject) =>
        new([.. subject.Take(LongestSubject).Select(static letter => letter is > ' ' and <= '~' ? letter : '?')]);

    /// <summary>Options that do not change.</summary>
    private sealed class Always(JwtBearerOptions options) : IOptionsMonitor<JwtBearerOptions>
    {
        public JwtBearerOptions CurrentValue => options;

        public JwtBearerOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<JwtBearerOptions, string?> listener) => null;
    }
}
