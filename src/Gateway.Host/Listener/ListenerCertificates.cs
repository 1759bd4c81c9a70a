using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Gateway.Actors.Tls;
using Gateway.Host.Configuration;

namespace Gateway.Host.Listener;

/// <summary>
/// What the listener shows to clients, and whom it believes. It is swapped as a whole: connections that exist keep what they began with,
/// the next handshake has the new.
/// </summary>
internal sealed partial class ListenerCertificates
{
    private readonly TlsOptions _options;
    private readonly ILogger<ListenerCertificates> _log;
    private volatile Material _current;
    private Files _seen;
    private Files _tried;

    /// <exception cref="ConfigurationException">The files have gone bad since they were checked.</exception>
    public ListenerCertificates(GatewayOptions options, ILogger<ListenerCertificates> log)
    {
        _options = options.Listen.Tls;
        _log = log;
        _tried = _seen = Read();
        try
        {
            _current = Parse(_tried);
        }
        catch (FormatException failure)
        {
            throw new ConfigurationException($"--tls-cert-path: {failure.Message}");
        }

        LogInUse(_options.CertificatePath!, _current.ValidUntil);
    }

    /// <summary>For one handshake. Kestrel adds the protocols that it speaks.</summary>
    public SslServerAuthenticationOptions ForConnection()
    {
        var current = _current;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = current.Identity,
            ClientCertificateRequired = current.Clients is not null,
            // The runtime may add to it what a client sends.
            CertificateChainPolicy = current.Clients?.Clone(),
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
    }

    /// <summary>
    /// Takes the files' new content, if they have one that has stood still since the last look: certificate and key are not written at
    /// once. What is not good changes nothing, and is told once.
    /// </summary>
    public void Look()
    {
        var files = Read();
        var isStill = files == _seen;
        _seen = files;
        if (!isStill || files == _tried)
            return;
        _tried = files;
        try
        {
            _current = Parse(files);
            LogInUse(_options.CertificatePath!, _current.ValidUntil);
        }
        catch (FormatException failure)
        {
            LogKept(failure.Message);
        }
    }

    private Files Read() => new(
        ReadOrNull(_options.CertificatePath!),
        ReadOrNull(_options.KeyPath!),
        _options.ClientCaPath is { } path ? ReadOrNull(path) : null);

    private static string? ReadOrNull(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private Material Parse(Files files)
    {
        var certificates = Parse(_options.CertificatePath!, files.Certificate, PemText.Certificates);
        var identity = Parse(_options.KeyPath!, files.Key, text => PemText.Identity(certificates, text));
        var clients = _options.ClientCaPath is { } path
            ? PemText.TrustIn(Parse(path, files.Authorities, PemText.Certificates), TlsUsage.Client)
            : null;
        return new Material(identity, clients);
    }

    private static T Parse<T>(string path, string? text, Func<string, T> parse)
    {
        if (text is null)
            throw new FormatException($"cannot read '{path}'");
        try
        {
            return parse(text);
        }
        catch (FormatException failure)
        {
            throw new FormatException($"'{path}' {failure.Message}");
        }
    }

    private sealed record Material(SslStreamCertificateContext Identity, X509ChainPolicy? Clients)
    {
        public DateTime ValidUntil => Identity.TargetCertificate.NotAfter.ToUniversalTime();
    }

    /// <summary>What the files hold; null for one that cannot be read, or is not asked for.</summary>
    private readonly record struct Files(string? Certificate, string? Key, string? Authorities);

    [LoggerMessage(1, LogLevel.Information, "Certificate {Path} is in use, valid until {NotAfter:u}")]
    private partial void LogInUse(string path, DateTime notAfter);

    [LoggerMessage(2, LogLevel.Error, "The TLS files have changed but are not good, and the old certificate stays in use: {Reason}")]
    private partial void LogKept(string reason);
}
