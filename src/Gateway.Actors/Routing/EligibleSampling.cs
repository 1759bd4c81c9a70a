using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>Uniform choice among the eligible candidates.</summary>
internal static class EligibleSampling
{
    private const int QuickTries = 4;

    /// <summary>
    /// A few draws, which nearly always hit when most candidates are eligible; then one pass of reservoir sampling.
    /// Both are uniform, hence the whole is.
    /// </summary>
    /// <param name="except">A worker that must not be drawn, or null.</param>
    public static Worker? Draw(ReadOnlySpan<Worker> candidates, in RouteRequest request, Random random, Worker? except = null)
    {
        if (candidates.IsEmpty)
            return null;
        for (var i = 0; i < QuickTries; i++)
        {
            var worker = candidates[random.Next(candidates.Length)];
            if (worker != except && request.IsEligible(worker))
                return worker;
        }

        Worker? chosen = null;
        var seen = 0;
        foreach (var worker in candidates)
        {
            if (worker != except && request.IsEligible(worker) && random.Next(++seen) == 0)
                chosen = worker;
        }

        return chosen;
    }
}
