using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>What a worker is judged by; the lower, the better.</summary>
internal interface IWorkerScore
{
    double Of(Worker worker);
}

/// <summary>The eligible candidate with the lowest score; among equals the less loaded; among those, each with about the same probability.</summary>
internal static class LowestScore
{
    /// <typeparam name="TScore">A struct, so that the call is direct and nothing is boxed.</typeparam>
    /// <param name="random">Chooses where to begin, so that idle workers do not all begin with the first.</param>
    public static Worker? Among<TScore>(ReadOnlySpan<Worker> candidates, in RouteRequest request, Random random, TScore score)
        where TScore : struct, IWorkerScore
    {
        Worker? best = null;
        var lowest = double.PositiveInfinity;
        var load = int.MaxValue;
        var at = candidates.Length > 1 ? random.Next(candidates.Length) : 0;
        for (var i = 0; i < candidates.Length; i++, at++)
        {
            if (at == candidates.Length)
                at = 0;
            var worker = candidates[at];
            if (!request.IsEligible(worker))
                continue;
            var its = score.Of(worker);
            if (best is not null && (its > lowest || (its == lowest && worker.Load >= load)))
                continue;
            (best, lowest, load) = (worker, its, worker.Load);
        }

        return best;
    }

    /// <summary>The eligible candidate with the fewest requests in flight.</summary>
    public static Worker? ByInFlight(ReadOnlySpan<Worker> candidates, in RouteRequest request, Random random) =>
        Among(candidates, request, random, default(InFlight));

    private readonly struct InFlight : IWorkerScore
    {
        public double Of(Worker worker) => worker.Load;
    }
}
