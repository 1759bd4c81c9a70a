using System.Net;
using System.Net.Sockets;

namespace Gateway.Simulator.Hosting;

/// <summary>
/// A TCP port that can stop listening and start again. While it doesn't listen it stays bound, so that connections are refused
/// and yet nobody else, not even an outgoing connection, can get the port.
/// </summary>
internal sealed class PortListener : IDisposable
{
    private const int Backlog = 512;

    private readonly Lock _lock = new();
    private readonly Action<Socket> _accepted;
    private Socket? _socket;
    private bool _listening;
    private bool _disposed;

    public PortListener(IPEndPoint endpoint, Action<Socket> accepted)
    {
        _accepted = accepted;
        _socket = Bind(endpoint);
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    public void Listen()
    {
        lock (_lock)
        {
            if (_listening || _disposed)
                return;
            _socket ??= Bind(EndPoint);
            _socket.Listen(Backlog);
            _listening = true;
            _ = AcceptAsync(_socket);
        }
    }

    public void Refuse()
    {
        lock (_lock)
        {
            if (!_listening)
                return;
            _listening = false;
            _socket!.Dispose();
            _socket = TryBind();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _listening = false;
            _socket?.Dispose();
        }
    }

    private Socket? TryBind()
    {
        try
        {
            return Bind(EndPoint);
        }
        catch (SocketException)
        {
            // Somebody was quicker; perhaps it is free again when it is to listen.
            return null;
        }
    }

    private static Socket Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Socket listening)
    {
        while (true)
        {
            try
            {
                _accepted(await listening.AcceptAsync());
            }
            catch (Exception error) when (error is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException)
            {
                // One connection that was gone before it was accepted.
                if (!_listening)
                    return;
            }
        }
    }
}
