using Gateway.Host.Configuration;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Gateway.Host.Api.Admin.Tokens;

/// <summary>
/// The issuer's keys: of a file, of a URL, or of the URL that its discovery document names. They are asked for when the first token comes,
/// and again every hour, or when a token names a key that is not among them.
/// </summary>
/// <remarks>One question at a time, and its answer is everybody's: a burst of tokens is one request to the issuer.</remarks>
internal sealed partial class TokenIssuer : IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    /// <summary>Nobody waits longer for the issuer, 5 s.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Time between two questions at least, 5 s: tokens with keys that are made up must not become a flood for the issuer.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>An issuer that takes a key back is believed after an hour.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>So long an issuer may be away before its keys count for nothing, a day.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>A file costs nothing to read, 1 s.</summary>
    private static readonly TimeSpan FileInterval = TimeSpan.FromSeconds(1);

    /// <summary>Documents are some KiB; 1 MiB is a mistake.</summary>
    private const int LargestDocument = 1024 * 1024;

    private readonly JwtOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<TokenIssuer> _log;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HttpClient _client;
    private readonly TimeSpan _pause;
    private readonly TimeSpan _fresh;
    private volatile Keys? _keys;
    private volatile bool _isRefreshWanted;
    private long? _askedAt;

    public TokenIssuer(GatewayOptions options, TimeProvider time, ILogger<TokenIssuer> log)
    {
        _options = options.Security.Jwt;
        _time = time;
        _log = log;
        (_pause, _fresh) = _options.KeysFile is null ? (Pause, Fresh) : (FileInterval, FileInterval);
        // A redirect could lead to where nobody meant to ask, and without TLS.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = LargestDocument,
        };
    }

    /// <exception cref="IssuerUnreachableException">There are no keys that are young enough.</exception>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (_keys is { } present && !_isRefreshWanted && Age(present.At) < _fresh)
            return present.Configuration;
        await _turn.WaitAsync(cancel);
        try
        {
            return await RefreshAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A token has named a key that is not among them.</summary>
    public void RequestRefresh() => _isRefreshWanted = true;

    public void Dispose()
    {
        _client.Dispose();
        _turn.Dispose();
    }

    private async Task<OpenIdConnectConfiguration> RefreshAsync()
    {
        var isStale = _keys is not { } present || _isRefreshWanted || Age(present.At) >= _fresh;
        _isRefreshWanted = false;
        Exception failure = new TimeoutException("it did not answer a moment ago");
        if (isStale && (_askedAt is not { } asked || Age(asked) >= _pause))
        {
            _askedAt = _time.GetTimestamp();
            try
            {
                _keys = new Keys(await ReadAsync(), _time.GetTimestamp());
            }
            // Whatever the issuer does, or its file, is no mistake of the gateway.
            catch (Exception reason) when (reason is not OutOfMemoryException)
            {
                failure = reason;
                LogUnreachable(_options.Issuer!, reason is OperationCanceledException ? "no answer in time" : reason.Message.ReplaceLineEndings(" "));
            }
        }

        return _keys is { } keys && Age(keys.At) < Longest ? keys.Configuration : throw new IssuerUnreachableException(failure);
    }

    private async Task<OpenIdConnectConfiguration> ReadAsync()
    {
        var json = _options.KeysFile is { } path
            ? await File.ReadAllTextAsync(path)
            : await GetAsync(_options.KeysUri ?? await DiscoverAsync());
        var configuration = new OpenIdConnectConfiguration { Issuer = _options.Issuer };
        foreach (var key in SigningKeys.Parse(json))
            configuration.SigningKeys.Add(key);
        return configuration;
    }

    /// <summary>Where the issuer says that its keys are (OpenID Connect Discovery 1.0, 4).</summary>
    private async Task<string> DiscoverAsync()
    {
        var json = await GetAsync(_options.Issuer!.TrimEnd('/') + "/.well-known/openid-configuration");
        OpenIdConnectConfiguration document;
        try
        {
            document = OpenIdConnectConfiguration.Create(json);
        }
        catch (Exception reason) when (reason is not OutOfMemoryException)
        {
            throw new FormatException("its discovery document is not JSON");
        }

        if (document.Issuer != _options.Issuer)
            throw new FormatException("its discovery document is another issuer's");
        return JwtChecks.IsSafe(document.JwksUri ?? "")
            ? document.JwksUri!
            : throw new FormatException("its discovery document names no jwks_uri that begins with https://");
    }

    private Task<string> GetAsync(string url) => _client.GetStringAsync(url);

    private TimeSpan Age(long timestamp) => _time.GetElapsedTime(timestamp);

    private sealed record Keys(OpenIdConnectConfiguration Configuration, long At);

    [LoggerMessage(1, LogLevel.Warning, "The keys of the issuer {Issuer} cannot be had: {Reason}")]
    private partial void LogUnreachable(string issuer, string reason);
}
