using System.Collections.Frozen;
using Gateway.Host.Api;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>Plans a request of one endpoint.</summary>
/// <param name="request">What is to be planned.</param>
/// <param name="error">What is wrong with the request, if the answer is null.</param>
internal delegate TokenPlan? TokenPlanner(in PlanningRequest request, out GatewayError? error);

/// <summary>The endpoints that token-in engines serve: a line for each.</summary>
internal static class TokenPlanners
{
    private static readonly FrozenDictionary<string, TokenPlanner> ByPath = new Dictionary<string, TokenPlanner>
    {
        ["/v1/chat/completions"] = ChatPlanner.Plan,
        ["/v1/completions"] = CompletionPlanner.Plan,
        ["/generate"] = GeneratePlanner.Plan,
        ["/v1/embeddings"] = EmbeddingPlanner.Plan,
        ["/v1/classify"] = ClassifyPlanner.Plan,
        ["/v1/rerank"] = RerankPlanner.Plan,
        ["/rerank"] = RerankPlanner.Plan,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <returns>Null for an endpoint that they do not serve.</returns>
    public static TokenPlanner? For(ServedEndpoint endpoint) => ByPath.GetValueOrDefault(endpoint.Path);
}
