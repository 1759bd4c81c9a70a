using System.Diagnostics.Metrics;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Gateway.Host.Observability.Metrics;

/// <summary>Each worker, or each rank it is served by, as the current snapshot has it. A worker that is gone is no longer told of.</summary>
internal sealed class WorkerMetrics(RegistryView view) : IMetricFamily
{
    /// <summary>Workers with series of their own; with four outcomes an attempt they stay within OpenTelemetry's limit of 2000 series a metric.</summary>
    public const int MostWorkers = 480;

    private static readonly (AttemptOutcome Outcome, string Word)[] Outcomes =
    [
        (AttemptOutcome.Success, "success"),
        (AttemptOutcome.Failure, "failure"),
        (AttemptOutcome.Backpressure, "backpressure"),
        (AttemptOutcome.Cancelled, "cancelled"),
    ];

    private static readonly (string From, string To, Func<BreakerTransitions, long> Read)[] Transitions =
    [
        ("closed", "open", static all => all.Opened),
        ("open", "half_open", static all => all.HalfOpened),
        ("half_open", "open", static all => all.Reopened),
        ("half_open", "closed", static all => all.Closed),
    ];

    public void Register(GatewayMeter meter)
    {
        meter.Gauge("gateway.worker.ready", "", "1 if a worker gets requests, 0 if not.", () => Each(static entry => entry.State == WorkerState.Ready ? 1 : 0));
        meter.Gauge("gateway.worker.requests.active", "{request}", "Attempts on a worker now.", () => Each(static entry => entry.Worker.Load));
        meter.Gauge("gateway.worker.requests.peers", "{request}", "Requests on a worker that other gateways have sent.", () => Each(static entry => entry.Worker.PeerLoad));
        meter.Gauge("gateway.worker.prompts.pending", "By", "Bytes of prompt that a worker has yet to prefill.", () => Each(static entry => entry.Worker.PendingPromptBytes));
        meter.Count("gateway.worker.attempts", "{attempt}", "Attempts that have ended, by how.", Attempts);
        meter.Gauge("gateway.worker.breaker.state", "", "0 closed, 1 open, 2 half-open.", () => Each(static entry => (int)entry.Worker.Breaker.Status));
        meter.Count("gateway.worker.breaker.transitions", "{transition}", "Changes of a breaker's state.", Changes);
        meter.Count("gateway.worker.aborts", "{abort}", "Generations over gRPC that ended early, of which the engine was told.", () => Aborts(static client => client.Aborts));
        meter.Count("gateway.worker.aborts.failed", "{abort}", "Aborts that did not reach the engine.", () => Aborts(static client => client.FailedAborts));
        meter.Gauge("gateway.engine.requests.running", "{request}", "Requests that an engine generates, as it says itself.", () => Loads(static load => load.Running));
        meter.Gauge("gateway.engine.requests.waiting", "{request}", "Requests in an engine's own queue.", () => Loads(static load => load.Waiting));
        meter.Gauge("gateway.engine.kv_cache.usage", "1", "Used share of an engine's KV cache.", () => Loads(static load => load.KvUsage));
        if (meter.HasSmgNames)
            RegisterSmg(meter);
    }

    private void RegisterSmg(GatewayMeter meter)
    {
        meter.Gauge("smg_worker_requests_active", "", "Attempts on a worker now.", () => Each(static entry => entry.Worker.Load));
        meter.Gauge("smg_worker_health", "", "1 if a worker gets requests, 0 if not.", () => Each(static entry => entry.State == WorkerState.Ready ? 1 : 0));
        meter.Gauge("smg_worker_cb_state", "", "0 closed, 1 open, 2 half-open.", () => Each(static entry => (int)entry.Worker.Breaker.Status));
        meter.Gauge("smg_worker_cb_consecutive_failures", "", "Failures since the last success.", () => Each(static entry => entry.Worker.Breaker.ConsecutiveFailures));
        meter.Count("smg_worker_cb_transitions_total", "", "Changes of a breaker's state.", Changes);
        meter.Count("smg_worker_cb_outcomes_total", "", "Attempts that have ended, by how.", Attempts);
        meter.Gauge("smg_engine_running_requests", "", "Requests that an engine generates, as it says itself.", () => Loads(static load => load.Running));
        meter.Gauge("smg_engine_waiting_requests", "", "Requests in an engine's own queue.", () => Loads(static load => load.Waiting));
        meter.Gauge("smg_engine_token_usage", "", "Used share of an engine's KV cache.", () => Loads(static load => load.KvUsage));
        meter.Gauge("smg_engine_gen_throughput", "", "Tokens a second of late.", () => Loads(static load => load.Throughput));
    }

    private IEnumerable<WorkerEntry> Entries() => view.Current.Workers.Values
        .OrderBy(static entry => entry.Ordinal)
        .SelectMany(static entry => entry.Worker.Ranks.IsEmpty ? [entry] : entry.WithRanks().Skip(1))
        .Take(MostWorkers);

    private IEnumerable<Measurement<long>> Each(Func<WorkerEntry, long> read) =>
        Entries().Select(entry => new Measurement<long>(read(entry), Name(entry)));

    private IEnumerable<Measurement<double>> Loads(Func<EngineLoad, double> read) => Entries()
        .Where(static entry => entry.Worker.EngineLoad is not null)
        .Select(entry => new Measurement<double>(read(entry.Worker.EngineLoad!), Name(entry)));

    private IEnumerable<Measurement<long>> Attempts() => Entries().SelectMany(static entry => Outcomes.Select(
        kind => new Measurement<long>(entry.Worker.Attempts.Of(kind.Outcome), Name(entry), new Tag("outcome", kind.Word))));

    private IEnumerable<Measurement<long>> Changes() => Entries().SelectMany(static entry => Transitions.Select(
        kind => new Measurement<long>(kind.Read(entry.Worker.Breaker.Transitions), Name(entry), new Tag("from", kind.From), new Tag("to", kind.To))));

    private IEnumerable<Measurement<long>> Aborts(Func<GrpcEngineClient, long> read)
    {
        foreach (var entry in Entries())
        {
            if (entry.Worker.Client is GrpcEngineClient client)
                yield return new Measurement<long>(read(client), Name(entry));
        }
    }

    private static Tag Name(WorkerEntry entry) => new("worker", entry.Worker.Spec.Url.Text);
}
