using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// Picks a worker for a request. Synchronous, allocation-free, safe to call from many threads at once.
/// One instance serves one model for as long as the model has workers.
/// </summary>
public interface IRoutingPolicy
{
    /// <returns>An eligible candidate, or null if there is none.</returns>
    Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request);
}
