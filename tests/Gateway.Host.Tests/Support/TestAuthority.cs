using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Host.Tests.Support;

/// <summary>A CA of the test's own, with its certificates in files of one folder.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-test-");
    private byte _serial;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=Test CA", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        Certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        Path = Write("ca.pem", Certificate.ExportCertificatePem());
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>The CA's own certificate.</summary>
    public string Path { get; }

    /// <summary>Trust in this CA alone.</summary>
    public X509ChainPolicy Trust => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        CustomTrustStore = { Certificate },
    };

    /// <summary>A file in the folder, which need not exist.</summary>
    public string At(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(At(name), content);
        return At(name);
    }

    /// <summary>A certificate for a server or a client on this machine, with its key.</summary>
    /// <param name="name">Common name.</param>
    /// <param name="forServer">Else for a client.</param>
    /// <param name="host">The only name it is good for; null for this machine's.</param>
    public X509Certificate2 Issue(string name, bool forServer, string? host = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var usage = forServer ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2";
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        if (host is null)
            names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName(host ?? "localhost");
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(Certificate, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(7), [++_serial]);
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>The same in two files.</summary>
    public (string CertificatePath, string KeyPath) IssueFiles(string name, bool forServer)
    {
        using var certificate = Issue(name, forServer);
        return (Write($"{name}.pem", certificate.ExportCertificatePem()), Write($"{name}.key", KeyOf(certificate)));
    }

    public static string KeyOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>Believes this CA alone.</summary>
    public SocketsHttpHandler Connections(X509Certificate2? client = null)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = Trust;
        if (client is not null)
            handler.SslOptions.ClientCertificates = [client];
        return handler;
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }
}
