using Gateway.Host.Admission;

namespace Gateway.Host.Observability.Metrics;

/// <summary>How full the gateway is.</summary>
internal sealed class AdmissionMetrics(AdmissionGate gate, AdmissionQueue queue) : IMetricFamily
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
    }
}
