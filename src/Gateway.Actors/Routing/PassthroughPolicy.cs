using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>The first eligible candidate in order of registration: for one worker, or one with stand-ins.</summary>
public sealed class PassthroughPolicy : IRoutingPolicy
{
    public Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request)
    {
        foreach (var worker in candidates)
        {
            if (request.IsEligible(worker))
                return worker;
        }

        return null;
    }
}
