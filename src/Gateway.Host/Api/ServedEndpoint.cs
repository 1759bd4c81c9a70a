using System.Collections.Immutable;

namespace Gateway.Host.Api;

/// <summary>An endpoint whose requests are forwarded to an engine under the same path.</summary>
/// <param name="Path">The path, here and at the engine.</param>
/// <param name="RequestIdPrefix">How the request ids begin that the gateway gives.</param>
/// <param name="ModelRequired">False where engines' own clients leave <c>model</c> out; the only model is meant then.</param>
/// <param name="StreamEndsWithDone">True if a stream is complete only with <c>data: [DONE]</c>.</param>
internal sealed record ServedEndpoint(string Path, string RequestIdPrefix, bool ModelRequired, bool StreamEndsWithDone)
{
    public const string DefaultRequestIdPrefix = "req-";

    /// <summary>True if the answer is text that an engine generates token by token.</summary>
    public bool Generates { get; init; }

    /// <summary>The generation endpoints: POST with a JSON object.</summary>
    public static ImmutableArray<ServedEndpoint> Generation { get; } =
    [
        new("/v1/chat/completions", "chatcmpl-", ModelRequired: true, StreamEndsWithDone: true) { Generates = true },
        new("/v1/completions", "cmpl-", ModelRequired: true, StreamEndsWithDone: true) { Generates = true },
        new("/v1/embeddings", DefaultRequestIdPrefix, ModelRequired: true, StreamEndsWithDone: true),
        new("/v1/classify", DefaultRequestIdPrefix, ModelRequired: true, StreamEndsWithDone: true),
        new("/v1/rerank", DefaultRequestIdPrefix, ModelRequired: false, StreamEndsWithDone: true),
        new("/rerank", DefaultRequestIdPrefix, ModelRequired: false, StreamEndsWithDone: false),
        new("/generate", "gnt-", ModelRequired: false, StreamEndsWithDone: false) { Generates = true },
    ];

    /// <summary>What an engine's model is: GET, put to one of them.</summary>
    public static ServedEndpoint ModelInfo { get; } =
        new("/get_model_info", DefaultRequestIdPrefix, ModelRequired: false, StreamEndsWithDone: false);

    /// <summary>What an engine is: GET, put to one of them.</summary>
    public static ServedEndpoint ServerInfo { get; } =
        new("/get_server_info", DefaultRequestIdPrefix, ModelRequired: false, StreamEndsWithDone: false);

    /// <summary>SGLang's health check by a generation of one token; open, as there.</summary>
    public static ServedEndpoint HealthGenerate { get; } =
        new("/health_generate", DefaultRequestIdPrefix, ModelRequired: false, StreamEndsWithDone: false);
}
