namespace Gateway.Host.Configuration;

/// <summary>TLS towards workers, for requests and probes alike. Paths of PEM files, which are read at the start.</summary>
public sealed record WorkerTlsOptions
{
    /// <summary>The CAs that workers' certificates must come from; null takes those that the machine believes.</summary>
    public string? CaPath { get; init; }

    /// <summary>What the gateway shows to workers that ask for it, and behind it the certificates above it; null for nothing.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The certificate's key, not encrypted.</summary>
    public string? KeyPath { get; init; }
}
