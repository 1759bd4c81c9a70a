using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Tls;

public sealed class ListenerTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public async Task A_client_speaks_either_version_of_http_over_tls(int major, int minor)
    {
        await using var gateway = await StartAsync();
        using var client = new HttpClient(_authority.Connections()) { BaseAddress = gateway.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Version = new Version(major, minor),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("""{"model":"sim-8b","messages":[{"role":"user","content":"hi"}]}"""),
        };

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(new Version(major, minor), response.Version);
        Assert.Equal("https", gateway.Client.BaseAddress!.Scheme);
    }

    [Fact]
    public async Task A_new_certificate_is_shown_to_new_connections_and_old_ones_live_on()
    {
        await using var gateway = await StartAsync();
        var connections = 0;
        var handler = _authority.Connections();
        handler.ConnectCallback = async (context, cancellation) =>
        {
            connections++;
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        };
        using var client = new HttpClient(handler) { BaseAddress = gateway.Client.BaseAddress };
        await client.GetStringAsync("/health");

        _authority.IssueFiles("second", forServer: true);
        File.Copy(_authority.At("second.pem"), _authority.At("first.pem"), overwrite: true);
        File.Copy(_authority.At("second.key"), _authority.At("first.key"), overwrite: true);
        await ShownAsync(gateway, "CN=second");
        await client.GetStringAsync("/health");

        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task A_broken_new_certificate_leaves_the_old_one_and_is_told_once()
    {
        await using var gateway = await StartAsync();
        var logs = gateway.CaptureLogs();

        _authority.Write("first.pem", "nonsense");
        var line = await logs.WaitForAsync(static line => line.Contains("stays in use", StringComparison.Ordinal));

        Assert.Contains("first.pem' holds no certificate in PEM", line, StringComparison.Ordinal);
        await ShownAsync(gateway, "CN=first");
        // What comes next is taken, and told after whatever would have been told before it.
        using var next = _authority.Issue("third", forServer: true);
        _authority.Write("first.pem", next.ExportCertificatePem());
        _authority.Write("first.key", TestAuthority.KeyOf(next));
        await ShownAsync(gateway, "CN=third");
        Assert.Single(logs.Lines, static line => line.Contains("stays in use", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_a_client_ca_is_named_only_clients_with_its_certificate_come_in()
    {
        using var strangers = new TestAuthority();
        using var own = _authority.Issue("client", forServer: false);
        using var strange = strangers.Issue("client", forServer: false);
        using var server = _authority.Issue("no-client", forServer: true);
        await using var gateway = await StartAsync(withClients: true);

        Assert.True(await ComesInAsync(own));
        Assert.False(await ComesInAsync(null));
        Assert.False(await ComesInAsync(strange));
        Assert.False(await ComesInAsync(server));

        async Task<bool> ComesInAsync(X509Certificate2? certificate)
        {
            using var connections = _authority.Connections(certificate);
            // A certificate of another CA than the server asks for is not sent at all otherwise.
            connections.SslOptions.LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate;
            using var client = new HttpClient(connections) { BaseAddress = gateway.Client.BaseAddress };
            try
            {
                return await client.GetStringAsync("/health") is not null;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task A_client_without_tls_gets_nothing()
    {
        await using var gateway = await StartAsync();
        using var client = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync($"http://127.0.0.1:{gateway.Client.BaseAddress!.Port}/health"));
    }

    public void Dispose() => _authority.Dispose();

    private Task<LiveGateway> StartAsync(bool withClients = false)
    {
        var (certificate, key) = _authority.IssueFiles("first", forServer: true);
        return LiveGateway.StartAsync(1, options => options with
        {
            Listen = options.Listen with
            {
                Tls = new TlsOptions { CertificatePath = certificate, KeyPath = key, ClientCaPath = withClients ? _authority.Path : null },
            },
        });
    }

    private Task ShownAsync(LiveGateway gateway, string subject) => Eventually.HoldsAsync(
        () =>
        {
            using var tcp = new TcpClient("127.0.0.1", gateway.Client.BaseAddress!.Port);
            using var tls = new SslStream(tcp.GetStream());
            tls.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = _authority.Trust });
            return tls.RemoteCertificate!.Subject == subject;
        },
        $"{subject} is shown");
}
