using Gateway.Actors.Tls;

namespace Gateway.Host.Configuration;

/// <summary>Checks at the start what later is only followed: that the files of TLS can be read and belong together.</summary>
internal static class TlsFiles
{
    /// <param name="options">Values that are each within their range.</param>
    /// <param name="refuse">Ends the start; is told the option's name and what is wrong.</param>
    public static void Check(GatewayOptions options, Action<string, string> refuse)
    {
        var tls = options.Listen.Tls;
        CheckIdentity(tls.CertificatePath, "tls-cert-path", tls.KeyPath, "tls-key-path", refuse);
        if (tls.ClientCaPath is { } authorities)
        {
            if (!tls.IsOn)
                refuse("tls-client-ca-path", "is of no use without tls-cert-path");
            Read(authorities, "tls-client-ca-path", PemText.Certificates, refuse);
        }

        var workers = options.Fleet.Tls;
        CheckIdentity(workers.CertificatePath, "client-cert-path", workers.KeyPath, "client-key-path", refuse);
        if (workers.CaPath is { } workersCa)
            Read(workersCa, "client-ca-cert-path", PemText.Certificates, refuse);

        var cluster = options.Cluster.Tls;
        CheckIdentity(cluster.CertificatePath, "cluster-cert-path", cluster.KeyPath, "cluster-key-path", refuse);
        if (cluster.CaPath is { } clusterCa)
            Read(clusterCa, "cluster-ca-cert-path", PemText.Certificates, refuse);
    }

    private static void CheckIdentity(string? certificatePath, string certificateName, string? keyPath, string keyName, Action<string, string> refuse)
    {
        if (certificatePath is null && keyPath is not null)
            refuse(keyName, $"is of no use without {certificateName}");
        if (certificatePath is null)
            return;
        if (keyPath is null)
            refuse(certificateName, $"is of no use without {keyName}");
        var certificates = Read(certificatePath, certificateName, PemText.Certificates, refuse);
        Read(keyPath!, keyName, text => PemText.Identity(certificates!, text), refuse);
    }

    private static T? Read<T>(string path, string name, Func<string, T> parse, Action<string, string> refuse)
        where T : class
    {
        try
        {
            return parse(File.ReadAllText(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            refuse(name, $"cannot read '{path}'");
        }
        catch (FormatException failure)
        {
            refuse(name, $"'{path}' {failure.Message}");
        }

        return null;
    }
}
