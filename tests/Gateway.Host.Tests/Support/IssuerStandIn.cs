using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Host.Tests.Support;

/// <summary>An OpenID issuer on a port of its own: discovery document, keys, and whatever tokens a test asks for.</summary>
internal sealed class IssuerStandIn : IAsyncDisposable
{
    public const string Audience = "gateway";

    private readonly WebApplication _app;
    private readonly List<JsonObject> _published = [];
    private volatile bool _isSilent;

    private IssuerStandIn(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>What the discovery document says of its issuer; null for the truth.</summary>
    public string? ClaimsToBe { get; set; }

    /// <summary>How often the keys were asked for.</summary>
    public int Questions { get; private set; }

    public Signer Rsa { get; } = Signer.Rsa("rsa-1");

    public Signer Ec { get; } = Signer.Ec("ec-1");

    public static async Task<IssuerStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var issuer = new IssuerStandIn(app);
        app.MapGet("/.well-known/openid-configuration", issuer.DiscoverAsync);
        app.MapGet("/keys", issuer.KeysAsync);
        await app.StartAsync();
        issuer.Publish(issuer.Rsa, issuer.Ec);
        return issuer;
    }

    /// <summary>These are its keys from now on.</summary>
    public void Publish(params Signer[] signers)
    {
        _published.Clear();
        _published.AddRange(signers.Select(static signer => signer.PublicJwk));
    }

    /// <summary>It answers nothing but errors from now on, or no longer.</summary>
    public void Silence(bool isSilent = true) => _isSilent = isSilent;

    public string Jwks() => new JsonObject { ["keys"] = new JsonArray([.. _published.Select(static key => key.DeepClone())]) }.ToJsonString();

    /// <summary>A good token, but for what the test changes.</summary>
    public string Token(Signer? signer = null, Action<JsonObject>? claims = null, Action<JsonObject>? header = null)
    {
        var now = DateTimeOffset.UtcNow;
        var body = new JsonObject
        {
            ["iss"] = Url,
            ["aud"] = Audience,
            ["sub"] = "alice",
            ["roles"] = new JsonArray("viewer"),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
        };
        claims?.Invoke(body);
        return (signer ?? Rsa).Sign(body, header);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Rsa.Dispose();
        Ec.Dispose();
    }

    private Task DiscoverAsync(HttpContext context) => AnswerAsync(
        context, new JsonObject { ["issuer"] = ClaimsToBe ?? Url, ["jwks_uri"] = Url + "/keys" }.ToJsonString());

    private Task KeysAsync(HttpContext context)
    {
        Questions++;
        return AnswerAsync(context, Jwks());
    }

    private Task AnswerAsync(HttpContext context, string json)
    {
        if (_isSilent)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }
}

/// <summary>A key that signs, written out by hand: a library would refuse to make what must be refused.</summary>
internal sealed class Signer : IDisposable
{
    private readonly AsymmetricAlgorithm? _algorithm;
    private readonly Func<byte[], byte[]> _sign;

    private Signer(string algorithm, string kid, AsymmetricAlgorithm? key, JsonObject? jwk, Func<byte[], byte[]> sign)
    {
        (Algorithm, Kid, _algorithm, _sign) = (algorithm, kid, key, sign);
        PublicJwk = jwk ?? [];
        PublicJwk["kid"] = kid;
        PublicJwk["use"] = "sig";
    }

    public string Algorithm { get; }

    public string Kid { get; }

    public JsonObject PublicJwk { get; }

    public static Signer Rsa(string kid)
    {
        var key = RSA.Create(2048);
        var parameters = key.ExportParameters(false);
        return new Signer(
            "RS256", kid, key,
            new JsonObject { ["kty"] = "RSA", ["n"] = Base64UrlEncoder.Encode(parameters.Modulus), ["e"] = Base64UrlEncoder.Encode(parameters.Exponent) },
            data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static Signer Ec(string kid)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(false).Q;
        return new Signer(
            "ES256", kid, key,
            new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64UrlEncoder.Encode(point.X), ["y"] = Base64UrlEncoder.Encode(point.Y) },
            data => key.SignData(data, HashAlgorithmName.SHA256));
    }

    /// <summary>Signs with a secret: the bytes of whatever the attacker has, such as somebody's public key.</summary>
    public static Signer Hmac(string kid, byte[] secret) => new("HS256", kid, null, null, data => HMACSHA256.HashData(secret, data));

    public static Signer None(string kid, string algorithm = "none") => new(algorithm, kid, null, null, static _ => []);

    /// <summary>The public key in the forms in which attackers have it.</summary>
    public byte[][] PublicForms() =>
    [
        Encoding.UTF8.GetBytes(((RSA)_algorithm!).ExportSubjectPublicKeyInfoPem()),
        ((RSA)_algorithm).ExportSubjectPublicKeyInfo(),
        Encoding.UTF8.GetBytes(PublicJwk.ToJsonString()),
        Base64UrlEncoder.DecodeBytes(PublicJwk["n"]!.GetValue<string>()),
    ];

    public string Sign(JsonObject claims, Action<JsonObject>? change = null)
    {
        var header = new JsonObject { ["alg"] = Algorithm, ["kid"] = Kid, ["typ"] = "JWT" };
        change?.Invoke(header);
        var text = Base64UrlEncoder.Encode(header.ToJsonString()) + "." + Base64UrlEncoder.Encode(claims.ToJsonString());
        return text + "." + Base64UrlEncoder.Encode(_sign(Encoding.ASCII.GetBytes(text)));
    }

    public void Dispose() => _algorithm?.Dispose();
}
