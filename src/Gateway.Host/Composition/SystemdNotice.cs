using System.Net.Sockets;
using System.Text;

namespace Gateway.Host.Composition;

/// <summary>
/// Tells systemd that the gateway listens, and that it has begun to stop: <c>Type=notify</c>. Its way is one datagram on a socket that it names
/// in a variable; where there is none, nothing is told.
/// </summary>
internal sealed partial class SystemdNotice(IHostApplicationLifetime lifetime, ILogger<SystemdNotice> log) : IHostedLifecycleService
{
    private readonly string? _socket = Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 } path ? path : null;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => Tell("STOPPING=1"));
        return Task.CompletedTask;
    }

    /// <summary>All services have been started by now, and the listener is one of them.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Tell("READY=1");
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Tell(string news)
    {
        if (_socket is null)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // @ stands for the byte 0, with which names begin that are no files.
            socket.Connect(new UnixDomainSocketEndPoint(_socket[0] == '@' ? $"\0{_socket.AsSpan(1)}" : _socket));
            socket.Send(Encoding.UTF8.GetBytes(news));
        }
        catch (SocketException failure)
        {
            LogUntold(news, failure.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "systemd could not be told {News}: {Reason}")]
    private partial void LogUntold(string news, string reason);
}
