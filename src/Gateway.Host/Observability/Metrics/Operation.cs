namespace Gateway.Host.Observability.Metrics;

/// <summary>What an endpoint does, in the words of OpenTelemetry's conventions where they have one.</summary>
internal static class Operation
{
    /// <summary>It asks for no model's work.</summary>
    public const string Other = "other";

    public static string Of(string endpoint) => endpoint switch
    {
        "/v1/chat/completions" => "chat",
        "/v1/completions" or "/generate" => "text_completion",
        "/v1/embeddings" => "embeddings",
        "/v1/rerank" or "/rerank" => "rerank",
        "/v1/classify" => "classify",
        _ => Other,
    };
}
