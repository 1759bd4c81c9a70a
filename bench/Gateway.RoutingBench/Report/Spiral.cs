using Gateway.RoutingBench.Run;

namespace Gateway.RoutingBench.Report;

/// <summary>
/// A spiral feeds itself: who has the cache gets the requests, so it gets more of the cache, while a queue grows on it. So there is
/// none if no worker gets many times its share, and the longest queue does not grow in time.
/// </summary>
internal static class Spiral
{
    public const string Bound =
        "no worker gets more than 3× an equal share of the requests, and the busiest worker's mean in flight in the last third is at most 2× that in the first, plus 8";

    private const double MostShare = 3;
    private const double MostGrowth = 2;
    private const double Slack = 8;

    public static bool IsIn(Measured run) => run.TopShare > MostShare || run.BusiestLate > (MostGrowth * run.BusiestEarly) + Slack;
}
