using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>Takes the candidates in turn, skipping those that are not eligible.</summary>
public sealed class RoundRobinPolicy : IRoutingPolicy
{
    private uint _next = uint.MaxValue;

    public Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request)
    {
        if (candidates.IsEmpty)
            return null;
        var start = (int)(Interlocked.Increment(ref _next) % (uint)candidates.Length);
        for (var i = 0; i < candidates.Length; i++)
        {
            var worker = candidates[(start + i) % candidates.Length];
            if (request.IsEligible(worker))
                return worker;
        }

        return null;
    }
}
