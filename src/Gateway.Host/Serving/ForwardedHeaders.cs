using System.Collections.Frozen;
using System.Net.Http.Headers;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Observability;
using Microsoft.Extensions.Primitives;

namespace Gateway.Host.Serving;

/// <summary>
/// Which headers go on to the engine and which come back. Everything does but what belongs to a single connection
/// (RFC 9110, 7.6.1), what the gateway says itself, and what would tell clients about the inside.
/// </summary>
internal sealed class ForwardedHeaders(ApiKeyCheck keys)
{
    private static readonly string[] PerConnection =
    [
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info",
        "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings",
    ];

    private static readonly FrozenSet<string> NotToEngine = PerConnection
        .Concat(["Host", "Content-Length", "Expect", RequestId.Header, RouteReceipt.Request, TimingReceipt.Request])
        // A compressed event stream would be held back by the compressor.
        .Append("Accept-Encoding")
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Credentials =
        new[] { "Authorization", "x-api-key" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> NotToClient = PerConnection
        .Concat(["Server", "Date", "Via", "Alt-Svc", "X-Powered-By", RequestId.Header])
        // An engine that redirects names itself.
        .Concat(["Location", "Content-Location"])
        // Which pages may read answers is for the gateway's operator to say, not for an engine.
        .Concat(["Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods"])
        .Concat(["Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Access-Control-Max-Age"])
        .Concat(RouteReceipt.Headers)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Puts the client's headers, the request id and the worker's key on the request to an engine.</summary>
    public void CopyToEngine(Exchange exchange, Worker worker, HttpRequestMessage message)
    {
        var headers = exchange.Context.Request.Headers;
        var connection = NamedByConnection(headers.Connection);
        var hideCredentials = keys.IsRequired || worker.Spec.ApiKey is not null;
        var isTraced = exchange.Trace is not null;
        foreach (var (name, values) in headers)
        {
            if (NotToEngine.Contains(name)
                || (hideCredentials && Credentials.Contains(name))
                || (connection is not null && Names(connection, name))
                || (isTraced && EngineTrace.IsHeader(name)))
                continue;
            Add(message, name, values);
        }

        if (isTraced)
            EngineTrace.AddTo(message, exchange, worker);

        message.Headers.TryAddWithoutValidation(RequestId.Header, exchange.RequestId);
        if (worker.Spec.ApiKey is { } key)
            message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key.Reveal());
    }

    /// <summary>Puts an engine's status and headers on the answer to the client.</summary>
    public static void CopyToClient(HttpResponseMessage message, HttpResponse response)
    {
        response.StatusCode = (int)message.StatusCode;
        var connection = message.Headers.NonValidated.TryGetValues("Connection", out var named) ? NamedByConnection(named.ToString()) : null;
        Copy(message.Headers.NonValidated, connection, response.Headers);
        Copy(message.Content.Headers.NonValidated, connection, response.Headers);
    }

    private static void Copy(HttpHeadersNonValidated from, string? connection, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (NotToClient.Contains(name) || (connection is not null && Names(connection, name)))
                continue;
            if (values.Count > 1)
                to[name] = Sendable(values);
            else if (values.ToString() is var value && IsSendable(value))
                to[name] = value;
        }
    }

    private static StringValues Sendable(HeaderStringValues values)
    {
        var kept = StringValues.Empty;
        foreach (var value in values)
        {
            if (IsSendable(value))
                kept = StringValues.Concat(kept, value);
        }

        return kept;
    }

    /// <summary>Kestrel refuses other characters by an exception: better to lose a header than an answer.</summary>
    private static bool IsSendable(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static void Add(HttpRequestMessage message, string name, StringValues values)
    {
        if (values.Count == 1)
        {
            if (!message.Headers.TryAddWithoutValidation(name, values.ToString()))
                message.Content?.Headers.TryAddWithoutValidation(name, values.ToString());
        }
        else if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
        {
            message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }

    /// <summary>
    /// The Connection header if it names other headers, which nearly none does. Of a client's that says keep-alive as well,
    /// Kestrel shows nothing but that.
    /// </summary>
    private static string? NamedByConnection(StringValues connection)
    {
        if (connection.Count == 0)
            return null;
        var value = connection.ToString();
        return value.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) || value.Equals("close", StringComparison.OrdinalIgnoreCase)
            ? null
            : value;
    }

    private static bool Names(string connection, string header)
    {
        foreach (var range in connection.AsSpan().Split(','))
        {
            if (connection.AsSpan(range).Trim().Equals(header, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
