using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Host.Tests.Support;

/// <summary>Puts TLS before a server that speaks none, on a port of its own, and lets in clients with a certificate of one CA only.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private readonly TestAuthority _authority;
    private readonly X509Certificate2 _certificate;
    private readonly Uri _behind;

    public TlsFront(TestAuthority authority, Uri behind, string? host = null)
    {
        _authority = authority;
        _certificate = authority.Issue("engine", forServer: true, host);
        _behind = behind;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll([_accepting, .. _connections]);
        _certificate.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var connection = client;
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = _certificate,
                    ClientCertificateRequired = true,
                    CertificateChainPolicy = _authority.Trust,
                    ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                },
                _stopping.Token);
            using var server = new TcpClient(_behind.Host, _behind.Port);
            var back = server.GetStream();
            await Task.WhenAny(tls.CopyToAsync(back, _stopping.Token), back.CopyToAsync(tls, _stopping.Token));
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or AuthenticationException or SocketException)
        {
            // One of the two has gone, or was not let in.
        }
    }
}
