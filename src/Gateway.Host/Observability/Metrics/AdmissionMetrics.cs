using Gateway.Host.Admission;
using Gateway.Host.Configuration;

namespace Gateway.Host.Observability.Metrics;

/// <summary>How full the gateway is.</summary>
internal sealed class AdmissionMetrics(AdmissionGate gate, AdmissionQueue queue, GatewayOptions options) : IMetricFamily
{
    public void Register(GatewayMeter meter)
    {
        meter.Gauge("gateway.queue.depth", "{request}", "Requests that wait for a place.", () => queue.Waiting);
        meter.Gauge("gateway.requests.running", "{request}", "Requests that have their places, and are with engines.", () => queue.Running);
        meter.Gauge("gateway.requests.limit", "{request}", "Places there are; 0 if there is no limit.", () => Math.Max(0, queue.Limit));
        meter.Gauge("gateway.requests.inside", "{request}", "Requests in the gateway, whatever they do there.", () => gate.InFlight);
        if (!meter.HasSmgNames)
            return;
        meter.Gauge("smg_http_connections_active", "", "Requests in the gateway.", () => gate.InFlight);
        meter.Gauge("smg_scheduler_queue_depth", "", "Requests that wait for a place.", () => queue.Waiting);
        meter.Gauge("smg_scheduler_inflight", "", "Requests that have their places.", () => queue.Running);
        meter.Gauge("smg_scheduler_queue_size_limit", "", "Requests that may wait.", () => options.Limits.QueueSize);
        meter.Gauge("smg_scheduler_utilization", "", "Share of the places that is taken; 0 if there is no limit.", () => queue.Limit > 0 ? (double)queue.Running / queue.Limit : 0);
    }
}
