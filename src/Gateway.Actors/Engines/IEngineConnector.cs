using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>Makes connections to engines, and probes them.</summary>
public interface IEngineConnector
{
    /// <summary>
    /// Connects, finding out the protocol where <paramref name="url"/> leaves it open, and probes once.
    /// </summary>
    /// <returns>A client that has passed its first probe, or only the result of the probe that failed.</returns>
    Task<EngineConnection> ConnectAsync(WorkerUrl url, ProbePlan plan, CancellationToken cancellation);

    /// <summary>Probes a connected engine. Failures are results, not exceptions.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    Task<ProbeResult> ProbeAsync(EngineClient client, ProbePlan plan, CancellationToken cancellation);

    /// <summary>Asks a connected engine for its load. Failures are reports that say so, not exceptions.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    Task<EngineLoadReport> ReadLoadAsync(EngineClient client, LoadPlan plan, CancellationToken cancellation);
}

/// <param name="Client">Null if the engine could not be reached or is not healthy; otherwise the caller owns it.</param>
/// <param name="Result">What the first probe found.</param>
public readonly record struct EngineConnection(EngineClient? Client, ProbeResult Result);
