using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// Prompts of similar length share a worker, so that short ones do not wait behind long ones in one batch; made for prefill workers.
/// The lengths are cut into as many ranges as there are eligible workers, each with the same share of recent prompt bytes. When in-flight
/// requests drift apart (<see cref="BalanceSettings"/>), lengths are disregarded and the shortest queue is taken, as it also is before
/// anything is known about lengths.
/// </summary>
/// <remarks>
/// What is kept is the distribution of lengths, not the ranges: with one worker more or less the same distribution is cut into one range
/// more or less at once (the reference gives nearly everything to its first range until the next cut), and only eligible workers get one
/// (the reference checks no health).
/// </remarks>
/// <param name="context">Settings, randomness and the clock.</param>
public sealed class BucketPolicy(PolicyContext context) : IRoutingPolicy
{
    private readonly BalanceSettings _balance = context.Settings.Balance;
    private readonly PromptLengths _lengths = new(context.Settings.Bucket.CutInterval, context.Time);

    public Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request)
    {
        var place = _lengths.PlaceOf(request.Prompt.Length, context.Random);
        var loads = LoadRange.Of(candidates, request);
        var owner = place is { } known && !_balance.IsExceededBy(loads) ? Nth(candidates, request, (int)(known * loads.Eligible)) : null;
        return owner ?? LowestScore.ByInFlight(candidates, request, context.Random);
    }

    /// <summary>The eligible candidate with so many before it; the last one if there are no more by now.</summary>
    private static Worker? Nth(ReadOnlySpan<Worker> candidates, in RouteRequest request, int index)
    {
        Worker? last = null;
        foreach (var worker in candidates)
        {
            if (!request.IsEligible(worker))
                continue;
            last = worker;
            if (index-- == 0)
                break;
        }

        return last;
    }
}
