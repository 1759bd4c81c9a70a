using System.Text;

namespace Gateway.Actors.Engines;

/// <summary>How connections to engines are made, whatever is spoken on them.</summary>
/// <param name="ConnectTimeout">For each connection, TLS included.</param>
public sealed record EngineDialing(TimeSpan ConnectTimeout)
{
    public EngineTls Tls { get; init; } = EngineTls.Default;

    /// <summary>Judges where workers may be that were registered over the API; null lets them be anywhere.</summary>
    public AddressGuard? Guard { get; init; }

    /// <summary>For a worker that whoever configures the gateway has named: it may be anywhere.</summary>
    internal EngineDialing Anywhere => Guard is null ? this : this with { Guard = null };

    internal void Configure(SocketsHttpHandler connections)
    {
        connections.UseProxy = false;
        connections.ConnectTimeout = ConnectTimeout;
        // Clients' headers pass as the bytes that came. By default other characters than ASCII fail the attempt, as if it were the worker's fault.
        connections.RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8;
        Tls.Configure(connections);
        if (Guard is { } guard)
            connections.ConnectCallback = (context, cancellation) => guard.ConnectAsync(context.DnsEndPoint, cancellation);
    }
}
