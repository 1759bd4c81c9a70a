using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// The less loaded of two distinct random candidates. Keeps the longest queue near log log n without looking at every worker
/// (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001), and does not herd as least-loaded does.
/// </summary>
/// <param name="random">Must be safe for concurrent use, as <see cref="Random.Shared"/> is.</param>
public sealed class PowerOfTwoPolicy(Random random) : IRoutingPolicy
{
    public Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request)
    {
        var first = EligibleSampling.Draw(candidates, request, random);
        if (first is null)
            return null;
        var second = EligibleSampling.Draw(candidates, request, random, except: first);
        return second is null || first.EffectiveLoad <= second.EffectiveLoad ? first : second;
    }
}
