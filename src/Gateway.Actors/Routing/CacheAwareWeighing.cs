using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>One pick of <see cref="CacheAwarePolicy"/>: the candidates on the scales, one after the other.</summary>
internal ref struct CacheAwareWeighing(
    CacheAwareSettings settings,
    Random random,
    PromptIndex prompts,
    KvBlockIndex? blocks,
    PickScratch scratch,
    RouteRequest request)
{
    /// <summary>So many are all weighed; of more, so many of those with a match.</summary>
    public const int MostWeighed = 64;

    private const int LongestMatches = 32;
    private const int RandomDraws = 8;

    private readonly RouteRequest _request = request;
    private double _leastCost = double.PositiveInfinity;
    private int _equals;
    private bool _byLoad;

    /// <summary>Null if no candidate was eligible.</summary>
    public Worker? Best { get; private set; }

    public int BestMatchedBytes { get; private set; }

    /// <summary>Among the candidates.</summary>
    public int BestPlace { get; private set; }

    public readonly string Rule => _byLoad ? "imbalance: least load" : "least cost";

    public void WeighAll(ReadOnlySpan<Worker> candidates)
    {
        for (var place = 0; place < candidates.Length; place++)
            Weigh(candidates, place);
    }

    /// <summary>The running requests decide alone, as the reference policy has it when loads are far apart.</summary>
    public void WeighByLoad(ReadOnlySpan<Worker> candidates)
    {
        _byLoad = true;
        WeighAll(candidates);
    }

    /// <summary>
    /// The longest matches; as many of the others, from a random one on, since a common system prompt matches on them all; and a few at random.
    /// If none of them is eligible, all.
    /// </summary>
    public void WeighSome(ReadOnlySpan<Worker> candidates)
    {
        var matched = scratch.Prompts.Matched;
        WeighMatched(candidates, scratch.Prompts, matched[..Math.Min(matched.Length, LongestMatches)]);
        if (matched.Length > LongestMatches)
        {
            var others = matched[LongestMatches..];
            var take = Math.Min(others.Length, MostWeighed - LongestMatches);
            WeighMatched(candidates, scratch.Prompts, others.Slice(random.Next(others.Length - take + 1), take));
        }

        if (blocks is not null)
        {
            var exact = scratch.Blocks.Matched;
            WeighMatched(candidates, scratch.Blocks, exact[..Math.Min(exact.Length, LongestMatches)]);
        }

        for (var draw = 0; draw < RandomDraws; draw++)
            Weigh(candidates, random.Next(candidates.Length));
        if (Best is null)
            WeighAll(candidates);
    }

    private void WeighMatched(ReadOnlySpan<Worker> candidates, PrefixOverlaps overlaps, ReadOnlySpan<int> ordinals)
    {
        foreach (var ordinal in ordinals)
        {
            if (PlaceOf(candidates, overlaps.Lanes[ordinal].Worker.Epoch, ordinal) is >= 0 and var place)
                Weigh(candidates, place);
        }
    }

    /// <summary>The candidates are the workers that the index knows, or some of them in the same order.</summary>
    private static int PlaceOf(ReadOnlySpan<Worker> candidates, long epoch, int guess)
    {
        if (guess < candidates.Length && candidates[guess].Epoch == epoch)
            return guess;
        for (var place = Math.Min(guess, candidates.Length) - 1; place >= 0; place--)
        {
            if (candidates[place].Epoch == epoch)
                return place;
        }

        return -1;
    }

    private void Weigh(ReadOnlySpan<Worker> candidates, int place)
    {
        var worker = candidates[place];
        if (worker == Best || !_request.IsEligible(worker))
            return;
        var matched = MatchedBytes(worker, place);
        var running = worker.EffectiveLoad;
        var pending = worker.EffectivePendingPromptBytes;
        var cost = _byLoad
            ? running
            : _request.Prompt.Length - matched + (settings.PendingWeight * pending) + ((double)settings.RunningBytes * running);
        _request.Explanation?.Add(new RouteCandidate(worker, matched, running, pending, cost));
        if (cost > _leastCost)
            return;
        if (cost < _leastCost)
            _equals = 0;
        // Each of n equal costs is kept with the probability 1/n: reservoir sampling.
        _equals++;
        if (_equals > 1 && random.Next(_equals) != 0)
            return;
        (_leastCost, Best, BestMatchedBytes, BestPlace) = (cost, worker, matched, place);
    }

    private readonly int MatchedBytes(Worker worker, int place)
    {
        var bytes = blocks is not null && blocks.SpeaksFor(worker)
            ? blocks.BytesOf(scratch.Blocks, worker, place)
            : prompts.BytesOf(scratch.Prompts, worker, place);
        return settings.CacheThreshold is { } threshold && bytes <= threshold * _request.Prompt.Length ? 0 : bytes;
    }
}
