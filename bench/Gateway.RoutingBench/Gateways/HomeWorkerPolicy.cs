using System.IO.Hashing;
using System.Runtime.InteropServices;
using Gateway.Actors.Routing;
using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Workers;

namespace Gateway.RoutingBench.Gateways;

/// <summary>
/// As <see cref="CacheAwarePolicy"/>, but agreeing with other gateways without a word: the first page that nobody is known to have names, by
/// rendezvous hashing, the worker that is taken to have the rest of the prompt, since any gateway that saw it would have sent it there.
/// </summary>
internal sealed class HomeWorkerPolicy(PolicyContext context) : IRoutingPolicy
{
    private readonly CacheAwareSettings _settings = context.Settings.CacheAware;
    private readonly PromptIndex _prompts = new(context.Prefixes, context.Settings.CacheAware.MaxPromptBytes);
    private readonly PrefixOverlaps _overlaps = new();

    public void WorkersChanged(ReadOnlySpan<Worker> ready) => _prompts.WorkersChanged(ready);

    public Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request)
    {
        _prompts.Match(request.Prompt, _overlaps);
        var pages = _overlaps.MatchedCount == 0 ? 0 : _overlaps.PagesOf(_overlaps.Matched[0]);
        var known = PageGrid.BytesIn(pages);
        var home = pages < _overlaps.KeyCount ? HomeOf(request.Prompt[known..PageGrid.BytesIn(pages + 1)], candidates) : null;
        var (best, least, matched, place) = ((Worker?)null, double.PositiveInfinity, 0, 0);
        for (var i = 0; i < candidates.Length; i++)
        {
            var worker = candidates[i];
            if (!request.IsEligible(worker))
                continue;
            var bytes = _prompts.BytesOf(_overlaps, worker, i);
            var uncached = request.Prompt.Length - bytes - (worker == home ? request.Prompt.Length - known : 0);
            var cost = uncached + (_settings.PendingWeight * worker.EffectivePendingPromptBytes) + ((double)_settings.RunningBytes * worker.EffectiveLoad);
            if (cost < least)
                (best, least, matched, place) = (worker, cost, bytes, i);
        }

        if (best is null)
            return null;
        request.Expect(request.Prompt.Length - matched, matched, "home");
        _prompts.Record(_overlaps, best, place);
        return best;
    }

    private static Worker? HomeOf(ReadOnlySpan<byte> page, ReadOnlySpan<Worker> candidates)
    {
        var key = (long)XxHash3.HashToUInt64(page);
        var (home, highest) = ((Worker?)null, 0UL);
        foreach (var worker in candidates)
        {
            var rank = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(worker.Spec.Url.Place.AsSpan()), key);
            if (home is null || rank > highest)
                (home, highest) = (worker, rank);
        }

        return home;
    }
}
