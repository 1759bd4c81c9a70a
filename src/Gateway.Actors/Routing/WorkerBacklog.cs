using Gateway.Actors.Engines;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// The gateways' own idea of what they have sent to a worker and not yet got back, in tokens.
/// </summary>
internal static class WorkerBacklog
{
    /// <summary>A token of English text or code is about four bytes long.</summary>
    public const int BytesPerToken = 4;

    /// <summary>Prompt tokens that are not known to be prefilled, and one for each request, which is what a step of the engine costs it.</summary>
    public static double NextTokens(Worker worker) => ((double)worker.EffectivePendingPromptBytes / BytesPerToken) + worker.EffectiveLoad;

    /// <summary>Each request counted for a mean prompt, as engines that report their queue count it.</summary>
    public static double PendingTokens(Worker worker, double tokensPerRequest) => worker.EffectiveLoad * tokensPerRequest;

    /// <summary>By how much the backlog has grown since the engine reported; negative if it has shrunk.</summary>
    public static double GrowthSince(EngineLoad report, Worker worker, double tokensPerRequest) =>
        (worker.Load - report.InFlight) * tokensPerRequest;
}
