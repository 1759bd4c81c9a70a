using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Hosting;
using Gateway.Actors.Tls;
using Gateway.Host.Configuration;

namespace Gateway.Host.Cluster;

/// <summary>
/// How gateways know each other: each shows a certificate, and believes those of the CAs, whatever name is in them; their addresses come
/// and go. What is listed as theirs is a CA for this purpose alone.
/// </summary>
internal static class ClusterTls
{
    /// <exception cref="ConfigurationException">The files have gone bad since they were checked.</exception>
    public static void Apply(RemoteOptions remote, ClusterOptions options)
    {
        if (!options.HasTls)
            return;
        X509Certificate2 own;
        X509Certificate2Collection authorities;
        try
        {
            own = PemText.Identity(PemText.Certificates(File.ReadAllText(options.Tls.CertificatePath!)), File.ReadAllText(options.Tls.KeyPath!)).TargetCertificate;
            authorities = PemText.Certificates(File.ReadAllText(options.Tls.CaPath!));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new ConfigurationException($"the files of TLS between gateways have changed during the start: {failure.Message.ReplaceLineEndings(" ")}");
        }

        remote.EnableSsl = true;
        remote.Ssl.X509Certificate = own;
        remote.Ssl.RequireMutualAuthentication = true;
        remote.Ssl.SuppressValidation = false;
        remote.Ssl.ValidateCertificateHostname = false;
        remote.Ssl.CustomValidator = (certificate, chain, _, _, _) => certificate is not null && IsOurs(certificate, chain, authorities);
    }

    private static bool IsOurs(X509Certificate2 certificate, X509Chain? sent, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain { ChainPolicy = PemText.TrustIn(authorities, TlsUsage.Server) };
        if (sent is not null)
        {
            foreach (var element in sent.ChainElements)
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }
}
