using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>The least and the most requests running on any eligible candidate.</summary>
internal readonly record struct LoadRange(int Least, int Most)
{
    /// <summary>The reference policy's own defaults, for the one of the two thresholds that is not set.</summary>
    private const int ReferenceAbsThreshold = 64;
    private const double ReferenceRelThreshold = 1.5;

    public static LoadRange Of(ReadOnlySpan<Worker> candidates, in RouteRequest request)
    {
        var (least, most) = (int.MaxValue, 0);
        foreach (var worker in candidates)
        {
            if (!request.IsEligible(worker))
                continue;
            least = Math.Min(least, worker.Load);
            most = Math.Max(most, worker.Load);
        }

        return new LoadRange(Math.Min(least, most), most);
    }

    public bool IsWiderThan(CacheAwareSettings settings) =>
        Most - Least > (settings.BalanceAbsThreshold ?? ReferenceAbsThreshold)
        && Most > (settings.BalanceRelThreshold ?? ReferenceRelThreshold) * Least;
}
