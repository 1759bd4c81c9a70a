using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>What an operator sees of the executable: its exit codes, its one line when something is wrong, its way to stop.</summary>
public sealed class GatewayProcessTests
{
    private static readonly Uri Chat = new("/v1/chat/completions", UriKind.Relative);

    private static readonly Uri Readiness = new("/readiness", UriKind.Relative);

    [Fact]
    public async Task Bad_configuration_ends_the_start_with_one_line_that_names_the_key()
    {
        await using var gateway = GatewayProcess.Start("--policy", "fancy");
        Assert.Equal(2, await gateway.ExitAsync());
        var line = Assert.Single(gateway.Errors);
        Assert.Contains("--policy", line, StringComparison.Ordinal);
        Assert.Contains("fancy", line, StringComparison.Ordinal);
        Assert.Empty(gateway.Output);
    }

    [Fact]
    public async Task A_port_in_use_ends_the_start_with_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var gateway = GatewayProcess.Start("--host", "127.0.0.1", "--port", $"{port}", "--simulate", "0");
        Assert.Equal(1, await gateway.ExitAsync());
        Assert.Single(gateway.Errors, line => line.Contains($"port {port}", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Errors.Concat(gateway.Output), static line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Told_to_stop_with_a_delay_it_says_that_it_is_not_ready_and_serves_on_without_keeping_connections()
    {
        var (gateway, client) = await GatewayProcess.StartListeningAsync("--simulate", "1", "--shutdown-delay-secs", "600");
        await using var _ = gateway;
        using var __ = client;
        await Eventually.HoldsAsync(() => StatusOf(client, Readiness) == HttpStatusCode.OK, "it is ready");

        gateway.Terminate();

        await Eventually.HoldsAsync(() => StatusOf(client, Readiness) == HttpStatusCode.ServiceUnavailable, "readiness has turned");
        using var served = await client.PostAsync(Chat, Body(stream: false, maxTokens: 1));
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.True(served.Headers.ConnectionClose);
    }

    [Fact]
    public async Task Told_to_stop_it_refuses_new_requests_lets_the_running_stream_end_and_exits_with_0()
    {
        var (gateway, client) = await GatewayProcess.StartListeningAsync("--simulate", "1");
        await using var _ = gateway;
        using var __ = client;
        await Eventually.HoldsAsync(() => StatusOf(client, Readiness) == HttpStatusCode.OK, "it is ready");
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = Body(stream: true, maxTokens: 600) };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var stream = response.Content.ReadAsStringAsync();

        gateway.Terminate();

        await Eventually.HoldsAsync(() => StatusOf(client, Readiness) == HttpStatusCode.ServiceUnavailable, "readiness has turned");
        using var late = await client.PostAsync(Chat, Body(stream: false, maxTokens: 1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        Assert.NotNull(late.Headers.RetryAfter);
        Assert.EndsWith("data: [DONE]\n\n", await stream, StringComparison.Ordinal);
        Assert.Equal(0, await gateway.ExitAsync());
    }

    [Fact]
    public async Task The_workers_file_is_followed_while_it_changes()
    {
        await using var engines = await SimulatedFleet.StartAsync(2);
        var file = Path.Combine(Path.GetTempPath(), $"workers-{Guid.NewGuid():N}.yaml");
        try
        {
            await File.WriteAllTextAsync(file, $"workers:\n  - url: {engines.Workers[0].Url}\n");
            var (gateway, client) = await GatewayProcess.StartListeningAsync("--workers-file", file);
            await using var _ = gateway;
            using var __ = client;
            await Eventually.HoldsAsync(() => Workers(client).SequenceEqual([engines.Workers[0].Port]), "the first is ready");

            await File.WriteAllTextAsync(file, $"workers:\n  - url: {engines.Workers[0].Url}\n  - url: {engines.Workers[1].Url}\n");
            await Eventually.HoldsAsync(() => Workers(client).Length == 2, "both are ready");

            await File.WriteAllTextAsync(file, $"workers:\n  - url: {engines.Workers[1].Url}\n");
            await Eventually.HoldsAsync(() => Workers(client).SequenceEqual([engines.Workers[1].Port]), "the first is gone");
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Left to itself an engine may end an answer long before.</summary>
    private static StringContent Body(bool stream, int maxTokens) => new(
        $$"""{"model":"sim-8b","ignore_eos":true,"stream":{{(stream ? "true" : "false")}},"max_tokens":{{maxTokens}},"messages":[{"role":"user","content":"hi"}]}""",
        Encoding.UTF8,
        "application/json");

    private static HttpStatusCode StatusOf(HttpClient client, Uri uri)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        using var response = client.Send(request);
        return response.StatusCode;
    }

    /// <summary>Ports of the ready workers, in order of registration.</summary>
    private static int[] Workers(HttpClient client)
    {
        var answer = client.GetFromJsonAsync<JsonElement>(new Uri("/workers", UriKind.Relative)).GetAwaiter().GetResult();
        return
        [
            .. answer.GetProperty("workers").EnumerateArray()
                .Where(static worker => worker.GetProperty("is_healthy").GetBoolean())
                .Select(static worker => new Uri(worker.GetProperty("url").GetString()!).Port),
        ];
    }
}
