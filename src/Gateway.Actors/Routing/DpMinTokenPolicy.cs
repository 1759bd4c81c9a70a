using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// The worker with the fewest pending tokens, by the gateway's own count (see <see cref="WorkerBacklog"/>). For data-parallel ranks
/// registered as workers: what one rank waits for, all wait for, so an even backlog of tokens matters more than one of requests.
/// The count is raised with the lease, at once, so that a burst spreads.
/// </summary>
/// <param name="context">For its randomness.</param>
public sealed class DpMinTokenPolicy(PolicyContext context) : IRoutingPolicy
{
    public Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request) =>
        LowestScore.Among(candidates, request, context.Random, default(Pending));

    private readonly struct Pending : IWorkerScore
    {
        public double Of(Worker worker) => WorkerBacklog.NextTokens(worker);
    }
}
