using System.Net;
using System.Net.Sockets;
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

    /// <summary>Where to connect to, whatever the address of a request says; null connects to that.</summary>
    internal DnsEndPoint? Place { get; init; }

    /// <summary>For an engine that is called by another name than the address it is at.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="serverName">Null if it is called by its address.</param>
    /// <returns>How to connect, and what requests are to be addressed to.</returns>
    internal (EngineDialing Dialing, Uri Address) To(Uri address, string? serverName) => serverName is null
        ? (this, address)
        : (this with { Place = new DnsEndPoint(address.IdnHost, address.Port) }, new UriBuilder(address) { Host = serverName }.Uri);

    internal void Configure(SocketsHttpHandler connections)
    {
        connections.UseProxy = false;
        connections.ConnectTimeout = ConnectTimeout;
        // Clients' headers pass as the bytes that came. By default other characters than ASCII fail the attempt, as if it were the worker's fault.
        connections.RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8;
        Tls.Configure(connections);
        if (Guard is { } guard)
            connections.ConnectCallback = (context, cancellation) => guard.ConnectAsync(Place ?? context.DnsEndPoint, cancellation);
        else if (Place is { } place)
            connections.ConnectCallback = (_, cancellation) => ConnectAsync(place, cancellation);
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint place, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(place, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
