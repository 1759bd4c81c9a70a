using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Simulator.Hosting;

/// <summary>The HTTP server that workers share.</summary>
internal sealed class WorkerServer : IAsyncDisposable
{
    private readonly ConnectionIntakes _intakes = new();
    private readonly KestrelServer _kestrel;
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly SocketConnectionContextFactory _connections = Factory(writeThrough: false);
    private readonly SocketConnectionContextFactory _writeThroughConnections = Factory(writeThrough: true);

    private WorkerServer()
    {
        var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = _services };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        // A gateway that reads slowly is the gateway's affair.
        options.Limits.MinResponseDataRate = null;
        // One connection of a gRPC client carries all its calls.
        options.Limits.Http2.MaxStreamsPerConnection = int.MaxValue;
        // Something before the worker may end TLS, which the scheme of a gRPC call shows.
        options.AllowAlternateSchemes = true;
        options.Listen(_intakes.Http.EndPoint, static listen => listen.Protocols = HttpProtocols.Http1);
        options.Listen(_intakes.Grpc.EndPoint, static listen => listen.Protocols = HttpProtocols.Http2);
        _kestrel = new KestrelServer(Options.Create(options), _intakes, NullLoggerFactory.Instance);
    }

    public static async Task<WorkerServer> StartAsync(CancellationToken cancellation)
    {
        var server = new WorkerServer();
        await server._kestrel.StartAsync(new WorkerApplication(), cancellation);
        return server;
    }

    /// <summary>Makes a connection of an accepted socket; it is served once it is given to <see cref="Serve"/>.</summary>
    /// <param name="writeThrough">
    /// True if a flush is to end only when the kernel has the bytes, so that a reset after it can't overtake them.
    /// </param>
    public ConnectionContext Wrap(Socket socket, bool writeThrough) =>
        (writeThrough ? _writeThroughConnections : _connections).Create(socket);

    public void Serve(ConnectionContext connection, SimulatorProtocol protocol)
    {
        var intake = protocol == SimulatorProtocol.Grpc ? _intakes.Grpc : _intakes.Http;
        if (!intake.TryAdd(connection))
            connection.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        // The workers have ended their connections; there is nothing to wait for.
        await _kestrel.StopAsync(new CancellationToken(canceled: true));
        _kestrel.Dispose();
        _connections.Dispose();
        _writeThroughConnections.Dispose();
        await _services.DisposeAsync();
    }

    // With a buffer of one byte, the writer waits until the transport has sent all.
    private static SocketConnectionContextFactory Factory(bool writeThrough) => new(
        writeThrough ? new SocketConnectionFactoryOptions { MaxWriteBufferSize = 1 } : new SocketConnectionFactoryOptions(),
        NullLogger.Instance);
}
