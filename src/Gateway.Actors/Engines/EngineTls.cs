using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Gateway.Actors.Tls;

namespace Gateway.Actors.Engines;

/// <summary>How workers are believed, and what the gateway shows to them. It counts for https:// and grpcs:// workers.</summary>
public sealed class EngineTls
{
    private readonly X509ChainPolicy? _trust;
    private readonly SslStreamCertificateContext? _identity;

    private EngineTls(X509ChainPolicy? trust, SslStreamCertificateContext? identity)
    {
        _trust = trust;
        _identity = identity;
    }

    /// <summary>The CAs that this machine believes, and no certificate of the gateway's own.</summary>
    public static EngineTls Default { get; } = new(null, null);

    /// <param name="authorities">CAs in PEM that are believed instead of the machine's; null for those.</param>
    /// <param name="certificate">The gateway's own certificate in PEM, and those above it; null for none.</param>
    /// <param name="key">Its key.</param>
    /// <exception cref="FormatException">One of them is not what it should be.</exception>
    public static EngineTls Parse(string? authorities, string? certificate, string? key) => new(
        authorities is null ? null : PemText.TrustIn(PemText.Certificates(authorities), TlsUsage.Server),
        certificate is null ? null : PemText.Identity(PemText.Certificates(certificate), key ?? ""));

    internal void Configure(SocketsHttpHandler connections)
    {
        // The chain policy is each handler's own: handshakes may write to it.
        connections.SslOptions.CertificateChainPolicy = _trust?.Clone();
        connections.SslOptions.ClientCertificateContext = _identity;
    }
}
