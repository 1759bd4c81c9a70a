using System.Diagnostics.CodeAnalysis;

namespace Gateway.Actors.Workers;

/// <summary>
/// Address of a worker, normalised: lower-case scheme and host, explicit port, no trailing slash, no credentials,
/// query or fragment. Without a scheme (<c>host:port</c>) the connection mode is found out by probing.
/// </summary>
public sealed record WorkerUrl
{
    private WorkerUrl(string text, string place, ConnectionMode mode, Uri http)
    {
        Text = text;
        Place = place;
        Mode = mode;
        Address = http;
    }

    /// <summary>The normalised form, as shown to operators.</summary>
    public string Text { get; }

    /// <summary>Host, port and path. Whatever the scheme, there can be one worker only in one place.</summary>
    public string Place { get; }

    public ConnectionMode Mode { get; }

    /// <summary>The address as an http or https URI, whatever the connection mode.</summary>
    public Uri Address { get; }

    public bool Equals(WorkerUrl? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    /// <summary>Parses a worker's address.</summary>
    /// <exception cref="FormatException">The address is not one; the message says why.</exception>
    public static WorkerUrl Parse(string text) =>
        TryParse(text, out var url, out var error) ? url : throw new FormatException(error);

    public static bool TryParse(string? text, [NotNullWhen(true)] out WorkerUrl? url, [NotNullWhen(false)] out string? error)
    {
        url = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            error = "a worker URL must not be empty";
            return false;
        }

        var separator = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? "" : text[..separator];
        ConnectionMode? mode = scheme switch
        {
            "" => ConnectionMode.Auto,
            "http" or "https" => ConnectionMode.Http,
            "grpc" or "grpcs" => ConnectionMode.Grpc,
            _ => null,
        };
        if (mode is null)
        {
            error = $"worker URL '{text}' must start with http://, https://, grpc:// or grpcs:// (lower case), or have no scheme";
            return false;
        }

        var rest = separator < 0 ? text : text[(separator + 3)..];
        var transport = scheme is "https" or "grpcs" ? "https" : "http";
        if (!Uri.TryCreate($"{transport}://{rest}", UriKind.Absolute, out var address) || address.Host.Length == 0)
        {
            error = $"worker URL '{text}' is not a valid address";
            return false;
        }

        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            error = $"worker URL at host '{address.Host}' must not contain credentials, a query or a fragment";
            return false;
        }

        var path = address.AbsolutePath.TrimEnd('/');
        var authority = $"{address.Host}:{address.Port}";
        var place = $"{authority}{path}";
        var normalised = scheme.Length == 0 ? place : $"{scheme}://{place}";
        url = new WorkerUrl(normalised, place, mode.Value, new Uri($"{transport}://{place}/"));
        error = null;
        return true;
    }
}
