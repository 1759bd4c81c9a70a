namespace Gateway.Actors.Cluster;

/// <summary>Where a gateway is reached by others.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">Its TCP port for what gateways tell each other.</param>
public sealed record PeerAddress(string Host, int Port)
{
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <exception cref="FormatException">It is not <c>host:port</c>.</exception>
    public static PeerAddress Parse(string text) =>
        Uri.TryCreate($"tcp://{text}", UriKind.Absolute, out var uri) && uri is { Port: > 0, PathAndQuery: "/" or "", UserInfo: "", Fragment: "" }
            ? new PeerAddress(uri.DnsSafeHost, uri.Port)
            : throw new FormatException($"'{text}' is not of the form host:port");
}
