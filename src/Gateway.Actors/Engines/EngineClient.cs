using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;
using Gateway.Wire.Common;

namespace Gateway.Actors.Engines;

/// <summary>
/// A connection to one worker's engine. Made by its <c>WorkerActor</c>, used by requests and probes alike,
/// disposed after the incarnation's last lease.
/// </summary>
public abstract class EngineClient : IDisposable
{
    public abstract ConnectionMode Mode { get; }

    /// <summary>Asks the engine how it is and, if the plan says so, what it is. Failures are results, not exceptions.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public abstract Task<ProbeResult> ProbeAsync(ProbePlan plan, CancellationToken cancellation);

    /// <summary>Asks the engine how busy it is. Failures are reports that say so, not exceptions.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public virtual Task<EngineLoadReport> ReadLoadAsync(LoadPlan plan, CancellationToken cancellation) =>
        Task.FromResult(EngineLoadReport.Unknown("not supported over this protocol"));

    /// <summary>
    /// Follows what the engine puts into its KV cache and takes out, from the batch with this number on; 0 for all that the engine still has.
    /// Does not end by itself.
    /// </summary>
    /// <exception cref="EngineException">The engine has no such events (<see cref="EngineFault.Unsupported"/>), or the stream broke.</exception>
    public virtual IAsyncEnumerable<KvEventBatch> FollowKvEventsAsync(ulong from, CancellationToken cancellation) =>
        throw new EngineException(EngineFault.Unsupported, "not supported over this protocol");

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
