namespace Gateway.Host.Configuration;

/// <summary>What options of a cluster make no sense, or are not safe, together.</summary>
internal static class ClusterChecks
{
    /// <param name="cluster">Values that are each within their range.</param>
    /// <param name="refuse">Ends the start; is told the option's name and what is wrong.</param>
    public static void Check(ClusterOptions cluster, Action<string, string> refuse)
    {
        if (!cluster.IsEnabled)
        {
            if (cluster.Sources > 0)
                refuse(cluster switch { { Peers.IsEmpty: false } => "cluster-peers", { DnsName: not null } => "cluster-dns", _ => "cluster-selector" }, "is of no use without cluster");
            return;
        }

        if (cluster.Sources != 1)
            refuse("cluster", $"needs one of cluster-peers, cluster-dns and cluster-selector, to know where the other gateways are; it has {cluster.Sources}");
        if (cluster is { HasTls: false, IsPlaintext: false })
            refuse("cluster", "needs cluster-cert-path, cluster-key-path and cluster-ca-cert-path: whoever can talk to the cluster can change the fleet and learns the workers' keys; or cluster-plaintext, if nobody else can");
        if (cluster is { HasTls: true, IsPlaintext: true })
            refuse("cluster-plaintext", "contradicts cluster-cert-path");
    }
}
