using System.Diagnostics.Metrics;
using Gateway.Actors.Cluster;

namespace Gateway.Host.Observability.Metrics;

/// <summary>The gateways of the cluster as this one sees them.</summary>
internal sealed class ClusterMetrics(ClusterView view) : IMetricFamily
{
    public void Register(GatewayMeter meter) => meter.Gauge("gateway.cluster.members", "{gateway}", "Gateways of the cluster, this one among them.", Members);

    private IEnumerable<Measurement<int>> Members() => view.Current
        .CountBy(static member => (member.Status, member.IsReachable))
        .Select(static kind => new Measurement<int>(
            kind.Value,
            new("status", kind.Key.Status.ToLowerInvariant()),
            new("reachable", kind.Key.IsReachable ? "true" : "false")));
}
