using System.Globalization;

namespace Gateway.Host.Api;

/// <summary>An error the gateway itself answers with, in the vocabulary of the OpenAI API.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">OpenAI's error type: what kind of thing went wrong.</param>
/// <param name="Code">What exactly went wrong, for programs.</param>
/// <param name="Message">The same for people. Never names a worker.</param>
/// <param name="Parameter">The request's field that is to blame, if one is.</param>
/// <param name="RetryAfterSeconds">Sent as <c>Retry-After</c>.</param>
internal sealed record GatewayError(
    int Status, string Type, string Code, string Message, string? Parameter = null, int? RetryAfterSeconds = null)
{
    // OpenAI calls every fault of the client's an invalid request, a wrong key and an unknown model included.
    private const string InvalidRequest = "invalid_request_error";
    private const string RateLimit = "rate_limit_error";
    private const string Server = "server_error";
    private const string Upstream = "upstream_error";

    private const string QueueFullMessage = "The gateway is busy, and so many requests wait already that this one cannot.";

    /// <summary>A name longer than this is cut in messages: it came from outside.</summary>
    private const int LongestQuotedName = 128;

    public static GatewayError WrongApiKey { get; } = new(
        StatusCodes.Status401Unauthorized, InvalidRequest, "invalid_api_key", "Missing or incorrect API key. Send it as 'Authorization: Bearer <key>'.");

    /// <summary>The key is known, but is one for the control plane.</summary>
    public static GatewayError RoleOfKey { get; } = new(
        StatusCodes.Status403Forbidden, InvalidRequest, "insufficient_permissions", "The role of this API key does not allow the request.");

    /// <summary>More requests at once than could even wait.</summary>
    public static GatewayError Crowded { get; } = new(
        StatusCodes.Status429TooManyRequests, RateLimit, "queue_full", QueueFullMessage, RetryAfterSeconds: 1);

    public static GatewayError QueueTimeout { get; } = new(
        StatusCodes.Status429TooManyRequests, RateLimit, "queue_timeout", "The request has waited too long for its turn.", RetryAfterSeconds: 5);

    public static GatewayError Draining { get; } = new(
        StatusCodes.Status503ServiceUnavailable, Server, "gateway_draining", "The gateway is shutting down.", RetryAfterSeconds: 5);

    public static GatewayError NoHealthyWorkers { get; } = new(
        StatusCodes.Status503ServiceUnavailable, Server, "no_healthy_workers", "No worker can take a request for this model at the moment.", RetryAfterSeconds: 5);

    public static GatewayError UpstreamUnreachable { get; } = new(
        StatusCodes.Status502BadGateway, Upstream, "upstream_unreachable", "The model's workers did not answer.");

    public static GatewayError UpstreamTimeout { get; } = new(
        StatusCodes.Status504GatewayTimeout, Upstream, "upstream_timeout", "The model's worker did not answer in time.");

    public static GatewayError StreamInterrupted { get; } = new(
        StatusCodes.Status502BadGateway, Upstream, "stream_interrupted", "The stream broke before it was complete.");

    public static GatewayError StreamTimedOut { get; } = new(
        StatusCodes.Status504GatewayTimeout, Upstream, "stream_timeout", "The stream was given up because it took too long.");

    /// <summary>What token-in engines are not asked yet.</summary>
    public static GatewayError NotOverTokens { get; } = new(
        StatusCodes.Status400BadRequest, InvalidRequest, "unsupported_endpoint", "The engines of this model do not serve this endpoint.");

    /// <summary>The model's workers have not given its tokenizer yet.</summary>
    public static GatewayError TokenizerLoading { get; } = new(
        StatusCodes.Status503ServiceUnavailable, Server, "tokenizer_loading", "The model's tokenizer is being loaded.", RetryAfterSeconds: 2);

    /// <summary>Waiting does not help: an operator must.</summary>
    public static GatewayError TokenizerUnavailable { get; } = new(
        StatusCodes.Status503ServiceUnavailable,
        Server,
        "tokenizer_unavailable",
        "The gateway has no tokenizer for this model, and got none from its workers. Its operator can name one: 'tokenizer_path' of the model, --tokenizer-path, or POST /v1/tokenizers.");

    public static GatewayError Internal { get; } = new(
        StatusCodes.Status500InternalServerError, Server, "internal_error", "The gateway failed to serve the request.");

    public static GatewayError InvalidJson { get; } = new(
        StatusCodes.Status400BadRequest, InvalidRequest, "invalid_json", "The body is not valid JSON.");

    public static GatewayError BodyIsNoObject { get; } = new(
        StatusCodes.Status400BadRequest, InvalidRequest, "invalid_json", "The body must be a JSON object.");

    public static GatewayError ModelMissing { get; } = new(
        StatusCodes.Status400BadRequest, InvalidRequest, "missing_required_parameter", "You must provide a model parameter.", "model");

    public static GatewayError ModelIsAmbiguous { get; } = new(
        StatusCodes.Status400BadRequest, InvalidRequest, "missing_required_parameter", "Several models are served here: you must provide a model parameter.", "model");

    public static GatewayError ModelIsNoString { get; } = new(
        StatusCodes.Status400BadRequest, InvalidRequest, "invalid_type", "'model' must be a string.", "model");

    public static GatewayError StreamIsNoBoolean { get; } = new(
        StatusCodes.Status400BadRequest, InvalidRequest, "invalid_type", "'stream' must be a boolean.", "stream");

    public static GatewayError EncodedBody { get; } = new(
        StatusCodes.Status415UnsupportedMediaType, InvalidRequest, "unsupported_encoding", "The body must not be compressed.");

    /// <param name="delay">How long the queue takes at present.</param>
    /// <param name="patience">How long it takes at most.</param>
    public static GatewayError QueueFull(TimeSpan delay, TimeSpan patience) =>
        Crowded with { RetryAfterSeconds = Seconds(delay < patience ? delay : patience) };

    /// <param name="model">Whose limit it is; null if it is the tenant's.</param>
    public static GatewayError TooManyRequestsPerMinute(int limit, string? model, TimeSpan wait) => RateExceeded($"{limit} requests", model, wait);

    /// <inheritdoc cref="TooManyRequestsPerMinute"/>
    public static GatewayError TooManyTokensPerMinute(int limit, string? model, TimeSpan wait) => RateExceeded($"{limit} tokens", model, wait);

    public static GatewayError BodyTooLarge(long limit) => new(
        StatusCodes.Status413PayloadTooLarge,
        InvalidRequest,
        "payload_too_large",
        string.Create(CultureInfo.InvariantCulture, $"The body is larger than the {limit} bytes this gateway accepts."));

    public static GatewayError ModelNotFound(string name) => new(
        StatusCodes.Status404NotFound, InvalidRequest, "model_not_found", $"The model '{Cut(name)}' does not exist.", "model");

    public static GatewayError UnknownUrl(string method, string path) => new(
        StatusCodes.Status404NotFound, InvalidRequest, "unknown_url", $"Unknown request URL: {Cut(method)} {Cut(path)}.");

    public static GatewayError MethodNotAllowed(string method, string path) => new(
        StatusCodes.Status405MethodNotAllowed, InvalidRequest, "method_not_supported", $"Not allowed to {Cut(method)} on {Cut(path)}.");

    /// <summary>What Kestrel found wrong with a request, under the status that it chose.</summary>
    public static GatewayError BadHttp(int status) => new(status, InvalidRequest, "bad_request", "The HTTP request is malformed.");

    private static GatewayError RateExceeded(FormattableString limit, string? model, TimeSpan wait) => new(
        StatusCodes.Status429TooManyRequests,
        RateLimit,
        "rate_limit_exceeded",
        $"Limit of {limit.ToString(CultureInfo.InvariantCulture)} per minute {(model is null ? "for this API key" : $"for the model '{Cut(model)}'")} reached.",
        model is null ? null : "model",
        Seconds(wait));

    /// <summary>Rounded up, and never none: who comes back at once comes too early.</summary>
    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));

    private static string Cut(string name) => name.Length <= LongestQuotedName ? name : name[..LongestQuotedName] + "…";
}
