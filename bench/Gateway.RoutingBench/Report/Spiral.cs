using Gateway.RoutingBench.Run;

namespace Gateway.RoutingBench.Report;

/// <summary>
/// A spiral feeds itself: who has the cache gets the requests, so it gets more of the cache, while a queue grows on it. So there is
/// none if the longest queue stays in proportion to the others and does not grow in time.
/// </summary>
/// <remarks>
/// Bounded is the queue, not the share of requests: on a fleet with little to do it is right to keep few workers warm. Eight
/// more requests are allowed for, since so many make a decode step only a tenth longer.
/// </remarks>
internal static class Spiral
{
    public const string Bound =
        "mean requests in flight on the busiest worker are at most 3× the fleet's mean, plus 8, and in the last third of the time at most 2× those in the first, plus 8";

    private const double MostOfMean = 3;
    private const double MostGrowth = 2;
    private const double Slack = 8;

    public static bool IsIn(Measured run) =>
        run.Busiest > (MostOfMean * run.InFlight) + Slack || run.BusiestLate > (MostGrowth * run.BusiestEarly) + Slack;
}
