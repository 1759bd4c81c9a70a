using Gateway.Host.Api.Admin;
using Gateway.Host.Serving;

namespace Gateway.Host.Observability;

/// <summary>
/// One line for each request that would change something by the control plane, also for those that were refused: who, what, and what came
/// of it. It holds no key and no query, in which one might stand by mistake. It is written whatever the log's level is.
/// </summary>
internal sealed partial class AuditLog(ILogger<AuditLog> log)
{
    /// <summary>For filters of the log.</summary>
    public static string Category { get; } = typeof(AuditLog).FullName!;

    private static readonly object NoteKey = new();

    private static readonly object CodeKey = new();

    /// <summary>Says with which code it ended, one of <see cref="ControlPlaneCode"/>.</summary>
    public static void Refused(HttpContext context, string code) => context.Items[CodeKey] = code;

    /// <summary>Says what the path does not: the worker's URL, say. Must not contain keys.</summary>
    public static void Note(HttpContext context, string what) => context.Items[NoteKey] = what;

    /// <param name="context">The request's.</param>
    /// <param name="caller">By what right it came in.</param>
    /// <param name="status">Of the answer.</param>
    public void Write(HttpContext context, string caller, int status) => LogChange(
        context.Request.Method,
        // Encoded, so that nobody can write lines of his own.
        context.Request.Path.ToUriComponent(),
        status,
        context.Items[CodeKey] as string,
        caller,
        context.Connection.RemoteIpAddress?.ToString(),
        context.Connection.ClientCertificate?.Subject,
        context.Items[NoteKey] as string,
        context.Features.Get<Exchange>()?.RequestId);

    [LoggerMessage(
        1,
        LogLevel.Information,
        "{Method} {Path} {Status} code={Code} by={Caller} from={Address} certificate={Certificate} what={What} id={RequestId}")]
    private partial void LogChange(
        string method,
        string path,
        int status,
        string? code,
        string caller,
        string? address,
        string? certificate,
        string? what,
        string? requestId);
}
