using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// The worker that is expected to answer with the least prefill and the least waiting. Both are weighed in one unit, bytes of prompt:
/// <code>cost = uncached + PendingWeight × pending + RunningBytes × running</code>
/// </summary>
/// <remarks>
/// <para>
/// <b>uncached</b> are the bytes of this prompt that the worker has not seen, <b>pending</b> those of the prompts that wait on it
/// (their uncached part again), <b>running</b> its requests in flight. An engine prefills one prompt after the other, so the time to the first token is
/// the work ahead plus one's own: the waiting time of a first-come-first-served queue, in units of work. NVIDIA Dynamo's KV router
/// adds up prefill blocks and active decode blocks in this way, and llm-d's scheduler weighs a prefix score against queue and cache use.
/// </para>
/// <para>
/// <b>PendingWeight</b> is 1/2. The work ahead is there anyway, and the part of it that is being done now is, on the average, half done
/// (the mean residual life of a constant service time). What is not cached costs twice: this request waits for it, and so does whoever comes
/// next. Hence equal prompts in a burst share a worker instead of being prefilled once on each, until the queue there outweighs
/// a prefill elsewhere.
/// </para>
/// <para>
/// <b>RunningBytes</b>: a running request makes each decode step of its batch a little longer (0.1 ms for an 8B model on one current GPU), over the
/// 200 or so tokens of an answer by the time in which 20,000 tokens/s would prefill 400 tokens; that is 1.6 KB at 4 bytes to a token, and 2 KiB
/// for what it takes of the cache.
/// </para>
/// <para>
/// A miss has nothing to set against a queue, so it goes where the queue is shortest; equal costs are drawn by lot. The picked worker is
/// noted for the prompt at once, so that a burst finds it. Up to 64 candidates are all weighed. Among more, those are that have the longest
/// matches, some others that match, and eight drawn at random (the power of d choices: Mitzenmacher 2001).
/// </para>
/// </remarks>
public sealed class CacheAwarePolicy : IRoutingPolicy
{
    [ThreadStatic]
    private static PickScratch? t_scratch;

    private readonly CacheAwareSettings _settings;
    private readonly BalanceSettings _balance;
    private readonly Random _random;
    private readonly PromptIndex _prompts;
    private readonly KvBlockIndex? _blocks;

    /// <param name="context">What all policies share.</param>
    /// <param name="hasher">How the model's engines name their KV blocks, if they report them; null otherwise.</param>
    public CacheAwarePolicy(PolicyContext context, IKvBlockHasher? hasher = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _settings = context.Settings.CacheAware;
        _balance = context.Settings.Balance;
        _random = context.Random;
        _prompts = new PromptIndex(context.Prefixes, _settings.MaxPromptBytes, context.Sharing?.ChannelOf(context.Model));
        _blocks = hasher is null ? null : new KvBlockIndex(context.Prefixes, hasher, _settings.FeedTimeout, context.Time);
    }

    /// <summary>Where the engines' KV events go; null if it has no hasher to make use of them.</summary>
    public IKvEventSink? KvEvents => _blocks;

    public void WorkersChanged(ReadOnlySpan<Worker> ready)
    {
        _prompts.WorkersChanged(ready);
        _blocks?.WorkersChanged(ready);
    }

    public Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request)
    {
        if (candidates.IsEmpty)
            return null;
        var scratch = t_scratch ??= new PickScratch();
        _prompts.Match(request.Prompt, scratch.Prompts);
        var blocks = _blocks is { Speaks: true } ? _blocks : null;
        blocks?.Match(request.Prompt, scratch.Blocks);

        var weighing = new CacheAwareWeighing(_settings, _random, _prompts, blocks, scratch, request);
        if (_balance.IsSet && _balance.IsExceededBy(LoadRange.Of(candidates, request)))
            weighing.WeighByLoad(candidates);
        else if (candidates.Length <= CacheAwareWeighing.MostWeighed)
            weighing.WeighAll(candidates);
        else
            weighing.WeighSome(candidates);

        if (weighing.Best is not { } best)
            return null;
        var matched = weighing.BestMatchedBytes;
        request.Expect(request.Prompt.Length - matched, matched, weighing.Rule);
        _prompts.Record(scratch.Prompts, best, weighing.BestPlace);
        blocks?.Refresh(scratch.Blocks, best, weighing.BestPlace);
        return best;
    }
}
