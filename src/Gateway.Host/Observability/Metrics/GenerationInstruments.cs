using System.Diagnostics.Metrics;

namespace Gateway.Host.Observability.Metrics;

/// <summary>What is recorded of each request as a distribution, under OpenTelemetry's names for generative AI where there are some.</summary>
internal sealed class GenerationInstruments(GatewayMeter meter)
{
    public Histogram<double> Duration { get; } = meter.Histogram(
        "gen_ai.server.request.duration", "s", "Time from a request's arrival to the end of its answer.", Buckets.Generation);

    public Histogram<double> FirstToken { get; } = meter.Histogram(
        "gen_ai.server.time_to_first_token", "s", "Time from a streamed request's arrival to the first piece of its answer.", Buckets.FirstToken);

    public Histogram<double> PerToken { get; } = meter.Histogram(
        "gen_ai.server.time_per_output_token", "s", "Time for each token of a streamed answer after the first.", Buckets.Token);

    public Histogram<double> Gap { get; } = meter.Histogram(
        "gen_ai.client.operation.time_per_output_chunk", "s", "Time between two pieces of a streamed answer.", Buckets.Token);

    public Histogram<long> Tokens { get; } = meter.Histogram(
        "gen_ai.client.token.usage", "{token}", "Tokens of a request, as its engine has counted them.", Buckets.TokenCount);

    public Histogram<double> Queue { get; } = meter.Histogram(
        "gateway.queue.wait", "s", "Time in the queue of the requests that had to wait for a place.", Buckets.Queue);

    public Histogram<double> Overhead { get; } = meter.Histogram(
        "gateway.overhead", "s", "The gateway's own part of a request's time: without waiting for client, place and engine.", Buckets.Overhead);
}
