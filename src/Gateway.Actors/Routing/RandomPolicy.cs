using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>Every eligible candidate with the same probability.</summary>
/// <param name="random">Must be safe for concurrent use, as <see cref="Random.Shared"/> is.</param>
public sealed class RandomPolicy(Random random) : IRoutingPolicy
{
    public Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request) =>
        EligibleSampling.Draw(candidates, request, random);
}
