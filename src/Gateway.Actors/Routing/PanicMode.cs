using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// When most breakers are open, the few workers left would get the load of all and fall too; and the failures are then more likely to be
/// the network's or the requests' own than each worker's. So below a share of workers with a closed breaker the breakers are ignored, as in
/// Envoy's panic threshold. Workers that fail their health checks stay out: they are no candidates.
/// </summary>
public static class PanicMode
{
    /// <param name="candidates">The routable workers.</param>
    /// <param name="threshold">Share of candidates that a breaker must allow, 0 to 1; 0 turns it off, and looks at nobody.</param>
    public static bool IsOn(ReadOnlySpan<Worker> candidates, double threshold)
    {
        if (threshold <= 0)
            return false;
        var allowed = 0;
        foreach (var worker in candidates)
        {
            if (worker.Breaker.Allows)
                allowed++;
        }

        return allowed < threshold * candidates.Length;
    }
}
