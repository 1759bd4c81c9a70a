using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Serving;

/// <summary>
/// Says in response headers where a request went, if the request asks for it with <c>X-Route-Explain: 1</c> and the operator allows it.
/// Written at each pick, over the pick before, so that an error tells it too. Workers are named by their ids: their addresses are nobody's
/// business. Costs nothing while the operator does not allow it.
/// </summary>
internal sealed class RouteReceipt(GatewayOptions options)
{
    public const string Request = "X-Route-Explain";
    public const string WorkerHeader = "x-route-worker";
    public const string PolicyHeader = "x-route-policy";
    public const string AttemptsHeader = "x-route-attempts";
    public const string LoadHeader = "x-route-load";

    /// <summary>The same of the prefill half of a pair, whose decode half has the headers without this prefix.</summary>
    public const string PrefillWorkerHeader = "x-route-prefill-worker";
    public const string PrefillPolicyHeader = "x-route-prefill-policy";
    public const string PrefillLoadHeader = "x-route-prefill-load";

    /// <summary>Share of the prompt, 0 to 1, that the policy expects in the worker's cache; only of policies that look at prompts.</summary>
    public const string PrefixShareHeader = "x-route-prefix-share";

    /// <summary>The rule by which the policy decided, if it tells.</summary>
    public const string RuleHeader = "x-route-rule";

    /// <summary>Loads shown; a large fleet's would not fit into a header.</summary>
    private const int MostLoads = 32;

    private readonly bool _isAllowed = options.Security.AllowRouteExplain;

    /// <summary>Headers of a receipt; an engine's own under these names are not passed on.</summary>
    public static IReadOnlyList<string> Headers { get; } =
    [
        WorkerHeader, PolicyHeader, AttemptsHeader, LoadHeader,
        PrefillWorkerHeader, PrefillPolicyHeader, PrefillLoadHeader,
        PrefixShareHeader, RuleHeader,
    ];

    public bool IsAskedFor(Exchange exchange) =>
        _isAllowed && exchange.Context.Request.Headers.TryGetValue(Request, out var values) && values is ["1" or "true"];

    /// <summary>The loads that a policy is about to see, such as <c>id=3, id=0</c>.</summary>
    public static string Loads(ReadOnlySpan<Worker> candidates)
    {
        var text = new StringBuilder();
        foreach (var worker in candidates[..Math.Min(candidates.Length, MostLoads)])
            text.Append(text.Length > 0 ? ", " : "").Append(worker.Id).Append('=').Append(CultureInfo.InvariantCulture, $"{worker.EffectiveLoad}");
        return text.ToString();
    }

    /// <param name="exchange">Its attempt that is about to begin is not counted yet.</param>
    /// <param name="role">Of the worker; the prompt's prefix is the business of the one that prefills it.</param>
    public static void Write(
        Exchange exchange, WorkerRole role, IRoutingPolicy policy, Worker worker, string loads, RouteExplanation explanation)
    {
        var headers = exchange.Context.Response.Headers;
        var isPrefill = role == WorkerRole.Prefill;
        headers[isPrefill ? PrefillWorkerHeader : WorkerHeader] = worker.Id.ToString();
        headers[isPrefill ? PrefillPolicyHeader : PolicyHeader] = NameOf(policy);
        headers[isPrefill ? PrefillLoadHeader : LoadHeader] = loads;
        headers[AttemptsHeader] = (exchange.Attempts + 1).ToString(CultureInfo.InvariantCulture);
        if (role == WorkerRole.Decode || explanation.Rule is not { } rule)
            return;
        headers[RuleHeader] = rule;
        if (explanation.PromptBytes > 0)
            headers[PrefixShareHeader] = explanation.MatchedShare.ToString("0.00", CultureInfo.InvariantCulture);
    }

    /// <summary>Another worker than the one picked last answers.</summary>
    public static void Correct(Exchange exchange, Worker worker)
    {
        var headers = exchange.Context.Response.Headers;
        if (headers.ContainsKey(WorkerHeader))
            headers[WorkerHeader] = worker.Id.ToString();
    }

    /// <summary>
    /// By the rule that policies' classes are named after the policies: <c>PowerOfTwoPolicy</c> is <c>power_of_two</c>. Of one with a
    /// routing key's override over it, its own; that the key has decided is the rule.
    /// </summary>
    internal static string NameOf(IRoutingPolicy policy) => policy is RoutingKeyOverridePolicy over
        ? NameOf(over.Policy)
        : JsonNamingPolicy.SnakeCaseLower.ConvertName(policy.GetType().Name.Replace("Policy", "", StringComparison.Ordinal));
}
