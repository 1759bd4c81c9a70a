using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Host.Observability;

namespace Gateway.Host.Api.Admin;

/// <summary>Writes the control plane's answers: JSON, and for errors the shape <c>{error, code}</c>.</summary>
internal static class ControlPlaneAnswer
{
    /// <summary>The answers are JSON, never HTML: what browsers could misread needs no escape, and URLs stay readable.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, Readable);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    /// <param name="context">The request's.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">One of <see cref="ControlPlaneCode"/>.</param>
    /// <param name="message">For the operator; must not contain keys.</param>
    /// <param name="more">Further fields.</param>
    public static Task WriteErrorAsync(HttpContext context, int status, string code, string message, Action<Utf8JsonWriter>? more = null)
    {
        AuditLog.Refused(context, code);
        return WriteAsync(context, status, json =>
        {
            json.WriteString("error"u8, message);
            json.WriteString("code"u8, code);
            more?.Invoke(json);
        });
    }
}

/// <summary>What the <c>code</c> of an error can be.</summary>
internal static class ControlPlaneCode
{
    public const string BadRequest = "BAD_REQUEST";
    public const string Unauthorized = "UNAUTHORIZED";
    public const string Forbidden = "FORBIDDEN";
    public const string ModelNotFound = "MODEL_NOT_FOUND";
    public const string WorkerNotFound = "WORKER_NOT_FOUND";
    public const string WorkerAlreadyExists = "WORKER_ALREADY_EXISTS";
    public const string WorkerDraining = "WORKER_DRAINING";
    public const string WorkerIsRank = "WORKER_IS_RANK";
    public const string TokenizerNotFound = "TOKENIZER_NOT_FOUND";
    public const string TokenizerAlreadyExists = "TOKENIZER_ALREADY_EXISTS";
    public const string TokenizerConfigured = "TOKENIZER_CONFIGURED";
    public const string RevisionMismatch = "REVISION_MISMATCH";
    public const string PayloadTooLarge = "PAYLOAD_TOO_LARGE";
    public const string InternalError = "INTERNAL_SERVER_ERROR";
    public const string Busy = "SERVICE_UNAVAILABLE";
}
