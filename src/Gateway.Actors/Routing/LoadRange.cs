using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>How evenly the eligible candidates are loaded.</summary>
/// <param name="Eligible">How many there are.</param>
/// <param name="Least">Fewest requests running on one of them; 0 if there are none.</param>
/// <param name="Most">Most requests running on one of them.</param>
internal readonly record struct LoadRange(int Eligible, int Least, int Most)
{
    public static LoadRange Of(ReadOnlySpan<Worker> candidates, in RouteRequest request)
    {
        var eligible = 0;
        var (least, most) = (int.MaxValue, 0);
        foreach (var worker in candidates)
        {
            if (!request.IsEligible(worker))
                continue;
            eligible++;
            least = Math.Min(least, worker.TotalLoad);
            most = Math.Max(most, worker.TotalLoad);
        }

        return new LoadRange(eligible, Math.Min(least, most), most);
    }
}
