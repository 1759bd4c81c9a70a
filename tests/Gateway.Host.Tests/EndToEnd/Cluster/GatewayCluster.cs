using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.EndToEnd.Cluster;

/// <summary>Several gateways as processes on loopback that form a cluster, each with a folder of its own for what it keeps.</summary>
internal sealed class GatewayCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("gateway-cluster-");
    private readonly string[] _protection;
    private readonly string[] _arguments;
    private readonly int[] _ports;
    private readonly int[] _clusterPorts;
    private readonly GatewayProcess?[] _processes;
    private readonly HttpClient[] _clients;

    private GatewayCluster(int gateways, string[] protection, string[] arguments)
    {
        _protection = protection;
        _arguments = arguments;
        var ports = ReservedPorts.Take(2 * gateways);
        _ports = ports[..gateways];
        _clusterPorts = ports[gateways..];
        _processes = new GatewayProcess?[gateways];
        _clients = [.. _ports.Select(static port => new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(2) })];
    }

    public int Count => _ports.Length;

    public IReadOnlyList<HttpClient> Clients => _clients;

    /// <summary>Where they meet, as <c>host:port</c>.</summary>
    public IEnumerable<string> Peers => _clusterPorts.Select(static port => $"127.0.0.1:{port}");

    /// <summary>Starts them all and waits until they have met.</summary>
    public static Task<GatewayCluster> StartAsync(int gateways, params string[] arguments) =>
        StartProtectedAsync(gateways, ["--cluster-plaintext"], arguments);

    /// <param name="gateways">How many.</param>
    /// <param name="protection">How they know each other.</param>
    /// <param name="arguments">Of all of them.</param>
    public static async Task<GatewayCluster> StartProtectedAsync(int gateways, string[] protection, params string[] arguments)
    {
        var cluster = new GatewayCluster(gateways, protection, arguments);
        await cluster.StartAllAsync();
        return cluster;
    }

    public async Task StartAllAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, Count).Select(StartAsync));
        await MeetAsync();
    }

    /// <summary>Starts one of them, again on its ports.</summary>
    public async Task StartAsync(int number)
    {
        _processes[number] = GatewayProcess.Start(
        [
            "--host", "127.0.0.1",
            "--port", Text(_ports[number]),
            "--cluster",
            .. _protection,
            "--cluster-host", "127.0.0.1",
            "--cluster-port", Text(_clusterPorts[number]),
            "--cluster-peers", .. Peers,
            "--state-dir", Path.Combine(_state.FullName, Text(number)),
            "--health-check-interval-secs", "0.5",
            "--health-retry-backoff-secs", "0.1",
            "--shutdown-delay-secs", "1",
            .. _arguments,
        ]);
        await _processes[number]!.ListensAsync();
    }

    /// <summary>Tells one to stop, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(int number)
    {
        var process = _processes[number]!;
        process.Terminate();
        var code = await process.ExitAsync();
        await process.DisposeAsync();
        _processes[number] = null;
        return code;
    }

    /// <summary>Ends one at once.</summary>
    public async Task KillAsync(int number)
    {
        await _processes[number]!.DisposeAsync();
        _processes[number] = null;
    }

    /// <summary>Waits until each of those that run sees so many up and reachable.</summary>
    public Task MeetAsync() => MeetAsync(_processes.Count(static process => process is not null));

    public async Task MeetAsync(int members)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_processes[i] is not null)
                await EventuallyAsync(_clients[i], "cluster", answer => Reachable(answer) == members, $"gateway {i} sees {members}");
        }
    }

    /// <summary>Waits until each of those that run has so many workers ready.</summary>
    public async Task HasReadyAsync(int workers)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_processes[i] is not null)
                await EventuallyAsync(_clients[i], "workers", answer => Ready(answer) == workers, $"gateway {i} has {workers} workers ready");
        }
    }

    /// <returns>Its id.</returns>
    public async Task<string> RegisterAsync(int gateway, Uri engine)
    {
        using var answer = await _clients[gateway].PostAsJsonAsync("workers", new { url = engine.GetLeftPart(UriPartial.Authority) });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["worker_id"]!;
    }

    public async Task<JsonNode> GetAsync(int gateway, string path) =>
        JsonNode.Parse(await _clients[gateway].GetStringAsync(new Uri(path, UriKind.Relative)))!;

    public static async Task EventuallyAsync(HttpClient client, string path, Func<JsonNode, bool> condition, string what)
    {
        var limit = DateTime.UtcNow + Eventually.Limit;
        string? last = null;
        while (DateTime.UtcNow < limit)
        {
            try
            {
                last = await client.GetStringAsync(new Uri(path, UriKind.Relative));
                if (condition(JsonNode.Parse(last)!))
                    return;
            }
            catch (HttpRequestException failure)
            {
                last = failure.Message;
            }

            await Task.Delay(50);
        }

        Assert.Fail($"waited in vain until {what}: {last}");
    }

    public static int Ready(JsonNode workers) => workers["workers"]!.AsArray().Count(static worker => (string)worker!["status"]! == "ready");

    public static int Reachable(JsonNode cluster) => cluster["members"]!.AsArray().Count(static member =>
        (string)member!["status"]! == "Up" && (bool)member["reachable"]!);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (process is not null)
                await process.DisposeAsync();
        }

        foreach (var client in _clients)
            client.Dispose();
        _state.Delete(recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
