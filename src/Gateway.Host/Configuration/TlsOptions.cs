namespace Gateway.Host.Configuration;

/// <summary>TLS towards clients. Paths of PEM files, which are followed when they change.</summary>
public sealed record TlsOptions
{
    /// <summary>The certificate, and behind it those between it and its CA; null listens without TLS.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The certificate's key, not encrypted.</summary>
    public string? KeyPath { get; init; }

    /// <summary>Certificates of the CAs of which clients must present one; null lets them come without.</summary>
    public string? ClientCaPath { get; init; }

    /// <summary>True if clients speak TLS.</summary>
    public bool IsOn => CertificatePath is not null && KeyPath is not null;
}
