using System.Runtime.InteropServices;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Observability.Metrics;

namespace Gateway.Host.Serving;

/// <summary>
/// Has the model's policies pick a worker, or a pair, out of the current snapshot, and takes the leases. A model that has pairs generates
/// with them; should none be eligible, its regular workers do, if it has some. See docs/decisions/prefill-decode-pairs.md.
/// </summary>
internal sealed class WorkerPick(ModelLookup models, RouteReceipt receipt, RouteNotes notes, PolicyMetrics metrics, GatewayOptions options)
{
    /// <summary>How often a pick may be lost to a worker that closes between snapshot and lease.</summary>
    private const int MostPicks = 8;

    private readonly double _panicThreshold = options.Fleet.PanicThreshold;

    private enum Picked
    {
        /// <summary>No worker is eligible.</summary>
        Nobody,

        /// <summary>A worker that closed meanwhile: another snapshot will not have it.</summary>
        Lost,
        Taken,
    }

    /// <param name="exchange">A request whose model is known.</param>
    /// <param name="avoid">Workers that must not be picked.</param>
    /// <param name="lease">To be released exactly once, if one was taken.</param>
    /// <returns>False if no worker is eligible.</returns>
    public bool TryPick(Exchange exchange, ref readonly TriedWorkers avoid, out AttemptLease lease)
    {
        for (var pick = 0; pick < MostPicks; pick++)
        {
            // Each time anew: since the model was looked up last the request may have waited for its seat, or for its next attempt.
            if (models.Find(exchange) is not null)
                break;
            var picked = Pick(exchange, in avoid, out lease);
            if (picked != Picked.Lost)
                return picked == Picked.Taken;
        }

        lease = default;
        return false;
    }

    /// <summary>True if, as things are, some worker of the request's model might be picked.</summary>
    public bool AnyEligible(Exchange exchange, ref readonly TriedWorkers avoid)
    {
        if (models.Find(exchange) is not null)
            return false;
        var pairs = PairsFor(exchange);
        for (var kind = 0; kind < pairs.Kinds; kind++)
        {
            if (AnyEligible(pairs.PrefillOf(kind), in avoid) && AnyEligible(pairs.DecodeOf(kind), in avoid))
                return true;
        }

        return AnyEligible(CandidatesAlone(exchange, out _), in avoid);
    }

    /// <summary>True if a worker of the request's model might take it as the client has written it, and not as tokens.</summary>
    public static bool MayBeSentAsItIs(Exchange exchange)
    {
        var model = exchange.Model!;
        if (exchange.Body is null)
            return model.HasHttpWorkers;
        return !model.RegularOverHttp.IsEmpty || (exchange.Endpoint!.Generates && !model.PairsOverHttp.IsEmpty);
    }

    private Picked Pick(Exchange exchange, ref readonly TriedWorkers avoid, out AttemptLease lease)
    {
        lease = default;
        var prompt = PromptOf(exchange);
        if (PickPair(exchange, PairsFor(exchange), prompt, in avoid, ref lease) is var pair and not Picked.Nobody)
            return pair;
        var candidates = CandidatesAlone(exchange, out var role);
        return Pick(exchange, role, candidates, prompt, in avoid, out lease.Answering);
    }

    /// <summary>As it stands in the body; as tokens, if engines take these, since that is what their caches hold.</summary>
    private static ReadOnlySpan<byte> PromptOf(Exchange exchange)
    {
        if (exchange.Plan is { } plan)
            return MemoryMarshal.AsBytes(plan.Prompts[0].Span);
        return exchange.Body is { } body ? exchange.Peek.Prompt(body.Span) : [];
    }

    private Picked PickPair(
        Exchange exchange, WorkerPairs pairs, ReadOnlySpan<byte> prompt, ref readonly TriedWorkers avoid, ref AttemptLease lease)
    {
        if (pairs.IsEmpty)
            return Picked.Nobody;
        // The policy chooses among the prefill workers of all kinds; whom it chooses may have no decode worker that is eligible.
        var picked = PickPair(exchange, pairs, pairs.Prefill, prompt, in avoid, ref lease);
        for (var kind = 0; pairs.Kinds > 1 && kind < pairs.Kinds && picked == Picked.Nobody; kind++)
            picked = PickPair(exchange, pairs, pairs.PrefillOf(kind), prompt, in avoid, ref lease);
        return picked;
    }

    private Picked PickPair(
        Exchange exchange,
        WorkerPairs pairs,
        ReadOnlySpan<Worker> candidates,
        ReadOnlySpan<byte> prompt,
        ref readonly TriedWorkers avoid,
        ref AttemptLease lease)
    {
        var picked = Pick(exchange, WorkerRole.Prefill, candidates, prompt, in avoid, out lease.Prefill);
        if (picked != Picked.Taken)
            return picked;
        // The decode worker is handed the prompt's KV cache, so what it has in its own saves nothing: its policy sees no prompt.
        picked = Pick(exchange, WorkerRole.Decode, pairs.DecodeFor(lease.Prefill.Worker), [], in avoid, out lease.Answering);
        if (picked != Picked.Taken)
            lease.Prefill.Release(AttemptOutcome.Cancelled);
        return picked;
    }

    private Picked Pick(
        Exchange exchange,
        WorkerRole role,
        ReadOnlySpan<Worker> candidates,
        ReadOnlySpan<byte> prompt,
        ref readonly TriedWorkers avoid,
        out WorkerLease lease)
    {
        lease = default;
        var model = exchange.Model!;
        var policy = model.PolicyFor(role);
        var hints = policy.ReadsHints ? RouteHintHeaders.Read(exchange.Context.Request.Headers) : RouteHints.None;
        var panics = PanicMode.IsOn(candidates, _panicThreshold);
        var isAsked = receipt.IsAskedFor(exchange);
        var explanation = isAsked || exchange.Trace is not null ? new RouteExplanation() : notes.Begin();
        var loads = isAsked ? RouteReceipt.Loads(candidates) : null;
        // What must be prefilled is the whole prompt, unless the policy knows better.
        long prefillBytes = prompt.Length;
        var request = new RouteRequest(prompt, hints, in avoid, ref prefillBytes, panics) { Explanation = explanation };
        var worker = policy.Pick(candidates, request);
        var series = metrics.Of(model, role);
        if (worker is null)
        {
            series?.FoundNobody();
            return Picked.Nobody;
        }

        if (explanation is not null)
            notes.Write(ref exchange.Route, role, model, worker, candidates, prompt.Length, prefillBytes, explanation);
        if (!WorkerLease.TryAcquire(worker, prefillBytes, panics, out lease))
        {
            series?.Lose();
            return Picked.Lost;
        }

        series?.Take(prompt.Length, prefillBytes);
        if (loads is not null)
            RouteReceipt.Write(exchange, role, policy, worker, loads, explanation!);
        exchange.Trace?.Picked(worker, role, model.Policies.For(role).Choice.Name, explanation!);
        return Picked.Taken;
    }

    private bool AnyEligible(ReadOnlySpan<Worker> candidates, ref readonly TriedWorkers avoid)
    {
        var request = new RouteRequest([], RouteHints.None, in avoid, PanicMode.IsOn(candidates, _panicThreshold));
        foreach (var worker in candidates)
        {
            if (request.IsEligible(worker))
                return true;
        }

        return false;
    }

    /// <summary>Pairs that take tokens only get what there is a plan for, and only generations are done in halves.</summary>
    private static WorkerPairs PairsFor(Exchange exchange)
    {
        if (!exchange.Endpoint!.Generates)
            return WorkerPairs.None;
        return exchange.Plan is null ? exchange.Model!.PairsOverHttp : exchange.Model!.Pairs;
    }

    /// <summary>
    /// Workers that do it alone; those that take tokens only get what there is a plan for. A question about an engine may be put to any, so
    /// to one of the pairs if there is nothing else.
    /// </summary>
    private static ReadOnlySpan<Worker> CandidatesAlone(Exchange exchange, out WorkerRole role)
    {
        var model = exchange.Model!;
        role = WorkerRole.Regular;
        if (exchange.Plan is not null)
            return model.Regular;
        if (exchange.Body is null && model.RegularOverHttp.IsEmpty)
            role = model.WorkersOverHttpFor(WorkerRole.Decode).IsEmpty ? WorkerRole.Prefill : WorkerRole.Decode;
        return model.WorkersOverHttpFor(role);
    }
}
