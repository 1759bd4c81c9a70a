using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Simulator.Hosting;

/// <summary>
/// What Kestrel takes for its listening socket: a queue of connections that the workers' own listeners have accepted.
/// So one HTTP server, with its one timer thread, serves any number of ports, each of which can be closed and opened by itself.
/// </summary>
internal sealed class ConnectionIntake : IConnectionListener
{
    private readonly Channel<ConnectionContext> _connections =
        Channel.CreateUnbounded<ConnectionContext>(new UnboundedChannelOptions { SingleReader = true });

    /// <param name="number">Tells it from other intakes of the same server.</param>
    public ConnectionIntake(int number) => EndPoint = new IPEndPoint(IPAddress.None, number);

    public EndPoint EndPoint { get; }

    public bool TryAdd(ConnectionContext connection) => _connections.Writer.TryWrite(connection);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _connections.Reader.WaitToReadAsync(cancellationToken) && _connections.Reader.TryRead(out var connection)
            ? connection
            : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _connections.Writer.TryComplete();
        return default;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
