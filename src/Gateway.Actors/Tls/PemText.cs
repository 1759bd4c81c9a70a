using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Actors.Tls;

/// <summary>Reads certificates and keys from PEM text. What is wrong is told for operators, without what the text holds.</summary>
public static class PemText
{
    /// <summary>Every certificate in the text, in its order.</summary>
    /// <exception cref="FormatException">There is none, or one that cannot be read.</exception>
    public static X509Certificate2Collection Certificates(string text)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            throw new FormatException("holds a certificate that cannot be read");
        }

        return certificates.Count > 0 ? certificates : throw new FormatException("holds no certificate in PEM");
    }

    /// <summary>A certificate with its key, and what is shown together with it: the certificates between it and its CA.</summary>
    /// <param name="certificates">The own certificate first.</param>
    /// <param name="keyText">The key in PEM, not encrypted.</param>
    /// <exception cref="FormatException">It is not this certificate's key.</exception>
    public static SslStreamCertificateContext Identity(X509Certificate2Collection certificates, string keyText)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        try
        {
            var own = X509Certificate2.CreateFromPem(certificates[0].ExportCertificatePem(), keyText);
            return SslStreamCertificateContext.Create(own, [.. certificates.Skip(1)], offline: true);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new FormatException("holds no unencrypted PEM key that belongs to the certificate");
        }
    }

    /// <summary>Trust in these authorities and in no others. Nobody is asked whether a certificate was revoked: the CA may be a private one.</summary>
    /// <param name="authorities">The roots.</param>
    /// <param name="usage">What the certificates must be good for.</param>
    public static X509ChainPolicy TrustIn(X509Certificate2Collection authorities, TlsUsage usage)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(usage == TlsUsage.Server ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2"));
        return policy;
    }
}

/// <summary>Which end of a connection a certificate is for.</summary>
public enum TlsUsage
{
    Server,
    Client,
}
