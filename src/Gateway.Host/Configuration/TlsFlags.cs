using static Gateway.Host.Configuration.OptionDefinition;
using static Gateway.Host.Configuration.OptionGroup;
using static Gateway.Host.Configuration.ValueFormats;

namespace Gateway.Host.Configuration;

/// <summary>The part of the <see cref="OptionCatalog"/> that says how connections are encrypted.</summary>
internal static class TlsFlags
{
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Single(Encryption, "tls-cert-path", FilePath, o => o.Listen.Tls.CertificatePath, (o, v) => Listening(o, o.Listen.Tls with { CertificatePath = v }),
            "PEM file with the gateway's certificate and those above it; with it clients must speak TLS. Followed when it changes."),
        Single(Encryption, "tls-key-path", FilePath, o => o.Listen.Tls.KeyPath, (o, v) => Listening(o, o.Listen.Tls with { KeyPath = v }),
            "PEM file with the certificate's key, not encrypted. Followed when it changes."),
        Single(Encryption, "tls-client-ca-path", FilePath, o => o.Listen.Tls.ClientCaPath, (o, v) => Listening(o, o.Listen.Tls with { ClientCaPath = v }),
            "PEM file with the CAs of which clients must present a certificate. Followed when it changes."),
        Single(Encryption, "client-ca-cert-path", FilePath, o => o.Fleet.Tls.CaPath, (o, v) => ToWorkers(o, o.Fleet.Tls with { CaPath = v }),
            "PEM file with the CAs of https:// and grpcs:// workers, believed instead of the machine's."),
        Single(Encryption, "client-cert-path", FilePath, o => o.Fleet.Tls.CertificatePath, (o, v) => ToWorkers(o, o.Fleet.Tls with { CertificatePath = v }),
            "PEM file with the certificate that the gateway shows to workers, and those above it."),
        Single(Encryption, "client-key-path", FilePath, o => o.Fleet.Tls.KeyPath, (o, v) => ToWorkers(o, o.Fleet.Tls with { KeyPath = v }),
            "PEM file with that certificate's key, not encrypted."),
    ];

    private static GatewayOptions ToWorkers(GatewayOptions options, WorkerTlsOptions tls) => options with { Fleet = options.Fleet with { Tls = tls } };

    private static GatewayOptions Listening(GatewayOptions options, TlsOptions tls) => options with { Listen = options.Listen with { Tls = tls } };
}
