using static Gateway.Host.Configuration.OptionDefinition;
using static Gateway.Host.Configuration.OptionGroup;
using static Gateway.Host.Configuration.ValueFormats;

namespace Gateway.Host.Configuration;

/// <summary>The part of the <see cref="OptionCatalog"/> that says what is kept over a restart, and what other gateways there are.</summary>
internal static class ClusterFlags
{
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Single(OptionGroup.Cluster, "state-dir", FilePath, o => o.StateFolder, (o, v) => o with { StateFolder = v },
            "Folder in which the gateway keeps what is registered through the API; by default one of its own for each port in the service's or the user's state."),
        Single(OptionGroup.Cluster, "forget-registrations", Switch, o => o.ForgetsRegistrations, (o, v) => o with { ForgetsRegistrations = v },
            "Keeps nothing over a restart that was registered through the API."),
        Single(OptionGroup.Cluster, "cluster", Switch, o => o.Cluster.IsEnabled, (o, v) => With(o, o.Cluster with { IsEnabled = v }),
            "Makes one of several gateways: they share registrations, loads and limits."),
        Single(OptionGroup.Cluster, "cluster-host", OptionalText("ADDRESS"), o => o.Cluster.Host, (o, v) => With(o, o.Cluster with { Host = v }),
            "Address or name at which other gateways reach this one; by default the machine's."),
        Single(OptionGroup.Cluster, "cluster-port", Integer(0, 65535), o => o.Cluster.Port, (o, v) => With(o, o.Cluster with { Port = v }),
            "TCP port for what gateways tell each other; 0 takes any free one."),
        List(OptionGroup.Cluster, "cluster-peers", Peer, o => o.Cluster.Peers, (o, v) => With(o, o.Cluster with { Peers = v }),
            "The gateways, as host:port; this one may be among them, so that all can be given the same list."),
        Single(OptionGroup.Cluster, "cluster-dns", OptionalText("NAME"), o => o.Cluster.DnsName, (o, v) => With(o, o.Cluster with { DnsName = v }),
            "Name whose addresses are those of all gateways, such as a headless service, instead of cluster-peers."),
        List(OptionGroup.Cluster, "cluster-selector", Selector, o => o.Cluster.Selector, (o, v) => With(o, o.Cluster with { Selector = v }),
            "Labels of the gateways' pods in Kubernetes, instead of cluster-peers."),
        Single(OptionGroup.Cluster, "cluster-namespace", OptionalText("NAME"), o => o.Cluster.Namespace, (o, v) => With(o, o.Cluster with { Namespace = v }),
            "Namespace of the gateways' pods; by default that of this gateway's pod."),
        Single(OptionGroup.Cluster, "cluster-kubeconfig", FilePath, o => o.Cluster.Kubeconfig, (o, v) => With(o, o.Cluster with { Kubeconfig = v }),
            "How to reach the Kubernetes cluster from outside; without it, the pod's service account is used."),
        Single(OptionGroup.Cluster, "cluster-quorum", Optional(Integer(1, 1000)), o => o.Cluster.Quorum, (o, v) => With(o, o.Cluster with { Quorum = v }),
            "Gateways that must find each other to begin a new cluster; by default more than half of cluster-peers, otherwise 2."),
        Single(OptionGroup.Cluster, "cluster-cert-path", FilePath, o => o.Cluster.Tls.CertificatePath, (o, v) => WithTls(o, o.Cluster.Tls with { CertificatePath = v }),
            "PEM file with the certificate that this gateway shows to others, and those above it."),
        Single(OptionGroup.Cluster, "cluster-key-path", FilePath, o => o.Cluster.Tls.KeyPath, (o, v) => WithTls(o, o.Cluster.Tls with { KeyPath = v }),
            "PEM file with that certificate's key, not encrypted."),
        Single(OptionGroup.Cluster, "cluster-ca-cert-path", FilePath, o => o.Cluster.Tls.CaPath, (o, v) => WithTls(o, o.Cluster.Tls with { CaPath = v }),
            "PEM file with the CAs of which the others' certificates must come."),
        Single(OptionGroup.Cluster, "cluster-plaintext", Switch, o => o.Cluster.IsPlaintext, (o, v) => With(o, o.Cluster with { IsPlaintext = v }),
            "Lets gateways meet without TLS: only in a network in which everybody may change the fleet and read its keys."),
    ];

    private static GatewayOptions With(GatewayOptions options, ClusterOptions cluster) => options with { Cluster = cluster };

    private static GatewayOptions WithTls(GatewayOptions options, WorkerTlsOptions tls) => options with { Cluster = options.Cluster with { Tls = tls } };
}
