using Gateway.Actors.Cluster;
using Gateway.Actors.Workers;

namespace Gateway.Host.Configuration;

/// <summary>How several gateways become one.</summary>
public sealed record ClusterOptions
{
    public bool IsEnabled { get; init; }

    /// <summary>Name or address at which other gateways reach this one; null takes the machine's own.</summary>
    public string? Host { get; init; }

    /// <summary>TCP port for what gateways tell each other; 0 takes any free one.</summary>
    public int Port { get; init; } = 4053;

    /// <summary>The gateways, each as the others know it: its <see cref="Host"/> and <see cref="Port"/>. May name this one too.</summary>
    public EquatableArray<PeerAddress> Peers { get; init; }

    /// <summary>Name whose addresses are those of all gateways; null asks no name server.</summary>
    public string? DnsName { get; init; }

    /// <summary>Labels of the gateways' pods; empty asks no API server.</summary>
    public EquatableArray<string> Selector { get; init; }

    /// <summary>Namespace of the gateways' pods; null takes that of the pod the gateway runs in.</summary>
    public string? Namespace { get; init; }

    /// <summary>How to reach the Kubernetes cluster; null for the service account of the pod the gateway runs in.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Gateways that must see each other to begin a new cluster; null is more than half of <see cref="Peers"/>, or 2.</summary>
    public int? Quorum { get; init; }

    /// <summary>Mutual TLS between gateways: each shows this certificate, which must come from the CAs. Paths of PEM files, read at the start.</summary>
    public WorkerTlsOptions Tls { get; init; } = new();

    /// <summary>Gateways meet without TLS.</summary>
    public bool IsPlaintext { get; init; }

    public bool HasTls => Tls is { CertificatePath: not null, KeyPath: not null, CaPath: not null };

    /// <summary>How many places are named at which other gateways could be found; one is right.</summary>
    internal int Sources => (Peers.IsEmpty ? 0 : 1) + (DnsName is null ? 0 : 1) + (Selector.IsEmpty ? 0 : 1);

    /// <summary>How many others there will be, as far as that is known before they have been met.</summary>
    internal int ExpectedPeers => Math.Max(EffectiveQuorum, Peers.Count) - 1;

    internal int EffectiveQuorum => Quorum ?? (Peers.IsEmpty ? 2 : (Peers.Count / 2) + 1);
}
