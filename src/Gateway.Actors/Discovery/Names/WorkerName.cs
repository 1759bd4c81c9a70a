using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Discovery.Names;

/// <summary>
/// A DNS name whose addresses are workers: <c>dns://host:port</c> for all addresses of a host, <c>dns+srv://_http._tcp.host</c> for the
/// hosts and ports of a service. <c>+http</c>, <c>+https</c>, <c>+grpc</c> or <c>+grpcs</c> behind it says what is spoken there, as in
/// <c>dns+https://host:port</c>; otherwise it is found out.
/// </summary>
public sealed record WorkerName
{
    private const string Forms = "dns://host:port or dns+srv://_service._tcp.host, with +http, +https, +grpc or +grpcs before the ://";
    private const int LongestName = 253;
    private const int LongestLabel = 63;

    private readonly string _scheme;

    private WorkerName(string text, string scheme, string host, int? port)
    {
        Text = text;
        _scheme = scheme;
        Host = host;
        Port = port;
    }

    /// <summary>As the operator wrote it, in lower case.</summary>
    public string Text { get; }

    /// <summary>The name to ask for; with a dot at its end, it is looked up in no other domain.</summary>
    public string Host { get; }

    /// <summary>Of every worker; null if the records say it.</summary>
    public int? Port { get; }

    /// <summary>True if SRV records are asked for.</summary>
    public bool IsService => Port is null;

    /// <summary>
    /// What certificates of the workers must name, and what requests are addressed to: the host that the operator wrote, never one that
    /// an answer named, which anybody could forge. Null without TLS.
    /// </summary>
    public string? ServerName => _scheme is "https://" or "grpcs://"
        ? string.Join('.', Host.TrimEnd('.').Split('.').SkipWhile(static label => label.StartsWith('_')))
        : null;

    public bool Equals(WorkerName? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    /// <summary>The address of a worker at one of the name's addresses.</summary>
    public WorkerUrl UrlAt(IPEndPoint place)
    {
        ArgumentNullException.ThrowIfNull(place);
        var host = place.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{place.Address}]" : place.Address.ToString();
        return WorkerUrl.Parse(string.Create(CultureInfo.InvariantCulture, $"{_scheme}{host}:{place.Port}"));
    }

    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static WorkerName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Names have no case.
        text = text.ToLowerInvariant();
        if (text.Split("://") is not [var kind, { Length: > 0 } place] || !TryReadKind(kind, out var isService, out var scheme))
            throw new FormatException($"'{text}' is not of the form {Forms}");
        if (isService)
        {
            if (!place.StartsWith('_') || !IsName(place))
                throw new FormatException($"'{text}' needs a service's name without a port, such as dns+srv://_http._tcp.vllm.default.svc");
            return new WorkerName(text, scheme, place, null);
        }

        var colon = place.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            throw new FormatException($"'{text}' needs a port, such as dns://vllm.default.svc:8000");
        return IsName(place[..colon])
            ? new WorkerName(text, scheme, place[..colon], port)
            : throw new FormatException($"'{text}' has no host name before the port; an address is given as a worker URL");
    }

    private static bool TryReadKind(string kind, out bool isService, [NotNullWhen(true)] out string? scheme)
    {
        var rest = kind.StartsWith("dns", StringComparison.Ordinal) ? kind[3..] : "?";
        isService = rest == "+srv" || rest.StartsWith("+srv+", StringComparison.Ordinal);
        scheme = (isService ? rest[4..] : rest) switch
        {
            "" => "",
            "+http" => "http://",
            "+https" => "https://",
            "+grpc" => "grpc://",
            "+grpcs" => "grpcs://",
            _ => null,
        };
        return scheme is not null;
    }

    private static bool IsName(string name)
    {
        var labels = name.EndsWith('.') ? name[..^1] : name;
        return labels.Length is > 0 and <= LongestName
            && !IPAddress.TryParse(labels, out _)
            && labels.Split('.').All(static label =>
                label.Length is > 0 and <= LongestLabel && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
    }
}
