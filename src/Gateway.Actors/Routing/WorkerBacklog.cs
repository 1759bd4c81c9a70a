using Gateway.Actors.Engines;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// The gateway's own idea of what it has sent to a worker and not yet got back, in tokens: each request counts for a mean prompt.
/// The one place to change when a worker knows the bytes of its pending prompts.
/// </summary>
internal static class WorkerBacklog
{
    public static double PendingTokens(Worker worker, double tokensPerRequest) => worker.Load * tokensPerRequest;

    /// <summary>By how much the backlog has grown since the engine reported; negative if it has shrunk.</summary>
    public static double GrowthSince(EngineLoad report, Worker worker, double tokensPerRequest) =>
        (worker.Load - report.InFlight) * tokensPerRequest;
}
