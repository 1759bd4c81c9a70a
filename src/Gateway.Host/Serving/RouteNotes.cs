using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Dashboard.Requests;

namespace Gateway.Host.Serving;

/// <summary>
/// Notes for the dashboard how workers are chosen. For nearly all requests that is what the policy knows anyway, copied into
/// <see cref="Exchange.Route"/>; of a few each second, while somebody watches, it is also how each candidate was weighed.
/// </summary>
internal sealed class RouteNotes(GatewayOptions options, WeighingBudget budget)
{
    /// <summary>Candidates told of a policy that does not say how it weighs them.</summary>
    private const int MostLoads = 16;

    /// <summary>A pick is over before its thread does anything else.</summary>
    [ThreadStatic]
    private static RouteExplanation? t_brief;

    private readonly bool _isOn = options.Security.HasDashboard;

    /// <returns>What the policy is to fill; null if nothing is kept.</returns>
    public RouteExplanation? Begin()
    {
        if (!_isOn)
            return null;
        if (budget.TryTake())
            return new RouteExplanation();
        var brief = t_brief ??= new RouteExplanation { IsBrief = true };
        brief.Clear();
        return brief;
    }

    /// <summary>The policy has chosen, and the lease is not taken yet.</summary>
    public void Write(
        ref RouteFacts route,
        WorkerRole role,
        ModelSnapshot model,
        Worker worker,
        ReadOnlySpan<Worker> candidates,
        long promptBytes,
        long prefillBytes,
        RouteExplanation explanation)
    {
        if (!_isOn)
            return;
        var policy = model.Policies.For(role).Choice.Name;
        if (role == WorkerRole.Prefill)
            route.PrefillPolicy = policy;
        else
            route.Policy = policy;
        // The prompt is the business of the one that prefills it.
        if (role != WorkerRole.Decode)
            (route.Rule, route.PromptBytes, route.KnownBytes) = (explanation.Rule, promptBytes, Math.Max(0, promptBytes - prefillBytes));
        if (role == WorkerRole.Regular)
            route.PrefillPolicy = null;
        route.Candidates = candidates.Length;
        route.Load = worker.TotalLoad;
        if (explanation.IsBrief)
            return;
        if (explanation.Candidates.Count == 0)
            AddLoads(explanation, candidates);
        route.Weighed = explanation;
    }

    private static void AddLoads(RouteExplanation explanation, ReadOnlySpan<Worker> candidates)
    {
        foreach (var candidate in candidates[..Math.Min(candidates.Length, MostLoads)])
            explanation.Add(new RouteCandidate(candidate, 0, candidate.EffectiveLoad, candidate.EffectivePendingPromptBytes, double.NaN));
    }
}
