using System.Diagnostics.Metrics;

namespace Gateway.Host.Observability.Metrics;

/// <summary>The distributions that the Shepherd Model Gateway has under names of its own, for dashboards that were made for it.</summary>
internal sealed class SmgInstruments(GatewayMeter meter)
{
    public Histogram<double> Duration { get; } = meter.Histogram(
        "smg_router_request_duration_seconds", "", "Time from a request's arrival to the end of its answer.", Buckets.Generation);

    public Histogram<double> HttpDuration { get; } = meter.Histogram(
        "smg_http_request_duration_seconds", "", "Time from a request's arrival to the end of its answer, whatever it was for.", Buckets.Generation);

    public Histogram<double> Generation { get; } = meter.Histogram(
        "smg_router_generation_duration_seconds", "", "Time from a streamed request's arrival to the last piece of its answer.", Buckets.Generation);

    public Histogram<double> QueueWait { get; } = meter.Histogram(
        "smg_scheduler_queue_wait_seconds", "", "Time in the queue of the requests that had to wait for a place.", Buckets.Queue);

    public SmgResponseCounts Responses { get; } = new(meter);

    public Histogram<double> FirstToken { get; } = meter.Histogram(
        "smg_router_ttft_seconds", "", "Time to the first piece of a streamed answer.", Buckets.FirstToken);

    public Histogram<double> PerToken { get; } = meter.Histogram(
        "smg_router_tpot_seconds", "", "Time for each token of a streamed answer after the first.", Buckets.Token);

    /// <summary>Its label <c>router_type</c> and the like tell of kinds of routers that this gateway does not have.</summary>
    public static KeyValuePair<string, object?>[] TagsOf(SeriesKey key) =>
    [
        new("router_type", "openai"),
        new("model", key.Model),
        new("endpoint", key.Endpoint),
    ];
}
