using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>
/// A connection to one worker's engine. Made by its <c>WorkerActor</c>, used by requests and probes alike,
/// disposed after the incarnation's last lease.
/// </summary>
public abstract class EngineClient : IDisposable
{
    public abstract ConnectionMode Mode { get; }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
