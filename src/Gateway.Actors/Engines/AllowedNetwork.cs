using System.Net;

namespace Gateway.Actors.Engines;

/// <summary>Where workers may be that are registered over the API: a network, or a host by its name.</summary>
/// <param name="Text">As the operator wrote it.</param>
/// <param name="Network">Null for a name.</param>
/// <param name="Host">In lower case; begins with a dot if it stands for all names that end so. Null for a network.</param>
public sealed record AllowedNetwork(string Text, IPNetwork? Network, string? Host)
{
    /// <summary>Reads <c>10.0.0.0/8</c>, <c>10.0.0.7</c>, <c>engines.example.org</c> or <c>*.example.org</c>.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static AllowedNetwork Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IPAddress.TryParse(text, out var address))
            return new AllowedNetwork(text, new IPNetwork(address, address.GetAddressBytes().Length * 8), null);
        if (text.Contains('/', StringComparison.Ordinal))
        {
            return IPNetwork.TryParse(text, out var network)
                ? new AllowedNetwork(text, network, null)
                : throw new FormatException($"'{text}' is not a network such as 10.0.0.0/8");
        }

        var host = text.StartsWith("*.", StringComparison.Ordinal) ? text[1..] : text;
        return Uri.CheckHostName(host.TrimStart('.')) == UriHostNameType.Dns
            ? new AllowedNetwork(text, null, host.ToLowerInvariant())
            : throw new FormatException($"'{text}' is neither a network, nor an address, nor a host name");
    }

    internal bool Names(string host) => Host is { } name
        && (name[0] == '.' ? host.EndsWith(name, StringComparison.OrdinalIgnoreCase) : host.Equals(name, StringComparison.OrdinalIgnoreCase));

    internal bool Contains(IPAddress address) => Network is { } network && network.Contains(address);
}
