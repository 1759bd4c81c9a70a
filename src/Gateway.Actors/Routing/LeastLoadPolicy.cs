using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// The worker with the shortest expected wait. For an engine whose last report is fresh:
/// <code>wait = max(0, queued + sent) / throughput + w · k / (1 − k)</code>
/// queued: tokens in its queue that it has yet to prefill (requests in its queue × mean prompt, if it does not tell tokens);
/// sent: what the gateway has sent it since, less what has ended (requests × mean prompt), which keeps a poll's best worker from
/// getting everything until the next poll; throughput: its tokens per second while it has a queue, that is, while it does what it
/// can, else the configured figure; k: the used share of its KV cache, at most 0.999, in the form of the mean queue of an M/M/1
/// server with that utilization; w: <see cref="LeastLoadSettings.KvPressureWeight"/>.
/// For any other engine: <c>wait = in flight · mean prompt / configured throughput</c>; with no reports at all that is the shortest queue.
/// </summary>
/// <remarks>
/// The form and the constants are those of the Shepherd Model Gateway's policy of this name. It counts only what was sent since the
/// poll, not what has ended, takes the throughput of an engine that runs a single request for its capacity, and holds a lock for all.
/// </remarks>
/// <param name="context">Settings, randomness and the clock.</param>
public sealed class LeastLoadPolicy(PolicyContext context) : IRoutingPolicy
{
    private const double FullestKv = 0.999;

    /// <summary>How many polls a report outlives.</summary>
    private const int PollsUntilStale = 3;

    private readonly LeastLoadSettings _settings = context.Settings.LeastLoad;
    private readonly TimeSpan _staleAfter = context.Settings.LoadMonitorInterval * PollsUntilStale;

    public bool NeedsLoadReports => true;

    public Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request) =>
        LowestScore.Among(candidates, request, context.Random, new ExpectedWait(this, context.Time.GetTimestamp()));

    private double WaitFor(Worker worker, long now)
    {
        var mean = _settings.MeanPrefillTokens;
        if (worker.EngineLoad is not { } report || context.Time.GetElapsedTime(report.Timestamp, now) > _staleAfter)
            return WorkerBacklog.PendingTokens(worker, mean) / _settings.DefaultThroughput;
        var queued = report.QueuedTokens ?? report.Waiting * (double)mean;
        var tokens = Math.Max(0, queued + WorkerBacklog.GrowthSince(report, worker, mean));
        var throughput = report is { Waiting: > 0, Throughput: > 0 } ? report.Throughput : _settings.DefaultThroughput;
        var kv = Math.Clamp(report.KvUsage, 0, FullestKv);
        return (tokens / throughput) + (_settings.KvPressureWeight * kv / (1 - kv));
    }

    private readonly struct ExpectedWait(LeastLoadPolicy policy, long now) : IWorkerScore
    {
        public double Of(Worker worker) => policy.WaitFor(worker, now);
    }
}
