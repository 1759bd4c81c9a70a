using Gateway.Host.Api.Admin.Tokens;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Host.Tests.Admin;

/// <summary>The check of tokens against a real issuer, with time that the test moves.</summary>
internal sealed class TokenUnderTest : IAsyncDisposable
{
    private readonly TokenIssuer _keys;
    private readonly TokenCheck _check;

    private TokenUnderTest(IssuerStandIn issuer, JwtOptions jwt)
    {
        Issuer = issuer;
        var options = new GatewayOptions { Security = new SecurityOptions { Jwt = jwt } };
        _keys = new TokenIssuer(options, Time, NullLogger<TokenIssuer>.Instance);
        _check = new TokenCheck(options, _keys, NullLoggerFactory.Instance);
    }

    public IssuerStandIn Issuer { get; }

    public ManualTime Time { get; } = new();

    public static async Task<TokenUnderTest> StartAsync(Func<JwtOptions, JwtOptions>? change = null)
    {
        var issuer = await IssuerStandIn.StartAsync();
        var jwt = new JwtOptions { Issuer = issuer.Url, Audience = IssuerStandIn.Audience };
        return new TokenUnderTest(issuer, change?.Invoke(jwt) ?? jwt);
    }

    public Task<TokenHolder?> HolderOfAsync(string token)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Authorization = "Bearer " + token;
        return _check.HolderOfAsync(context);
    }

    public async ValueTask DisposeAsync()
    {
        _keys.Dispose();
        await Issuer.DisposeAsync();
    }
}
