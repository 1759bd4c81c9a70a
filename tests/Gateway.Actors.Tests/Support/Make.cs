using Gateway.Actors.Engines;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Support;

/// <summary>Workers for tests that need no actor around them.</summary>
internal static class Make
{
    private static long s_lastEpoch;

    public static WorkerSpec Spec(string url, params string[] models) => new()
    {
        Url = WorkerUrl.Parse(url),
        Models = [.. models.Select(static id => new ModelCard(id))],
    };

    public static WorkerFacts Facts(params string[] models) => new()
    {
        Mode = ConnectionMode.Http,
        Runtime = EngineRuntime.SgLang,
        Models = [.. models.Select(static id => new ModelCard(id))],
    };

    public static Worker Worker(string url = "http://w:1", BreakerSettings? breaker = null, TimeProvider? time = null)
    {
        var facts = Facts("m");
        var epoch = Interlocked.Increment(ref s_lastEpoch);
        return new Worker(new WorkerId(Guid.NewGuid()), epoch, 1, Spec(url), facts, breaker ?? BreakerSettings.Default, time ?? new ManualTime());
    }

    public static Worker[] Workers(int count, BreakerSettings? breaker = null, TimeProvider? time = null) =>
        [.. Enumerable.Range(1, count).Select(i => Worker($"http://w:{i}", breaker, time))];

    public static ProbeResult Healthy(params string[] models) => ProbeResult.Healthy(Facts(models));

    /// <summary>An engine with so many data-parallel ranks that serves "m".</summary>
    public static ProbeResult HealthyWithRanks(int? ranks, int? maxRunning = null) =>
        ProbeResult.Healthy(Facts("m") with { DataParallelSize = ranks, MaxRunningRequests = maxRunning });

    public static ProbeResult Failed(ProbeOutcome outcome) => ProbeResult.Failed(outcome, outcome.ToString());
}
