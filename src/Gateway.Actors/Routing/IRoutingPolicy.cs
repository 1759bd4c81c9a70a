using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// Picks a worker for a request. Synchronous, allocation-free, safe to call from many threads at once.
/// One instance serves one model for as long as the model has workers.
/// </summary>
public interface IRoutingPolicy
{
    /// <summary>True if the policy looks at <see cref="RouteRequest.Hints"/>; they are not read from the headers otherwise.</summary>
    bool ReadsHints => false;

    /// <summary>True if the policy looks at <see cref="Worker.EngineLoad"/>; engines are not asked for their load otherwise.</summary>
    bool NeedsLoadReports => false;

    /// <summary>Where the KV events of the model's engines go; null if the policy makes no use of them, and engines are then not asked for any.</summary>
    IKvEventSink? KvEvents => null;

    /// <returns>An eligible candidate, or null if there is none.</returns>
    Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request);

    /// <summary>
    /// Told by the registry, before the snapshot with them is published, which workers of the model are routable from now on.
    /// A policy that keeps something about each worker forgets those that are gone here.
    /// </summary>
    void WorkersChanged(ReadOnlySpan<Worker> ready)
    {
    }
}
