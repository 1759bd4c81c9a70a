using System.Net;
using System.Net.Http.Json;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd.Cluster;

/// <summary>Three gateways on hosts of their own, one of which is cut off from the other two but not from clients and engines.</summary>
public sealed class PartitionTests
{
    private const int ClusterPort = 4053;
    private const int HttpPort = 30000;

    [NetworkLabFact]
    public async Task A_gateway_that_is_cut_off_serves_what_it_reaches_and_is_back_within_seconds_of_healing()
    {
        await using var lab = await NetworkLab.CreateAsync(hosts: 3);
        await using var engines = await SimulatedFleet.StartAsync(2, new SimulatorOptions { Timings = EngineTimings.Fast, Host = lab.Gate });
        var state = Directory.CreateTempSubdirectory("gateway-partition-");
        var gateways = Enumerable.Range(0, 3).Select(host => Start(lab, host, Path.Combine(state.FullName, $"{host}"))).ToArray();
        var clients = Enumerable.Range(0, 3).Select(host => new HttpClient { BaseAddress = new Uri($"http://{lab.Address(host)}:{HttpPort}") }).ToArray();
        try
        {
            foreach (var gateway in gateways)
                await gateway.ListensAsync();
            await SeeAsync(clients, 3, 3, 3);
            await RegisterAsync(clients[0], engines.Workers[0]);
            await HaveReadyAsync(clients, 1, 1, 1);

            await lab.CutAsync(2, 0);
            await lab.CutAsync(2, 1);
            await SeeAsync(clients[..2], 2, 2);
            await ServesAsync(clients);
            // Each side goes on changing the fleet, and sees what it was told itself.
            await RegisterAsync(clients[2], engines.Workers[1]);
            await HaveReadyAsync(clients, 1, 1, 2);
            await ServesAsync(clients);

            await lab.HealAsync(2, 0);
            await lab.HealAsync(2, 1);
            await SeeAsync(clients, 3, 3, 3);
            await HaveReadyAsync(clients, 2, 2, 2);
            await ServesAsync(clients);
        }
        finally
        {
            foreach (var gateway in gateways)
                await gateway.DisposeAsync();
            foreach (var client in clients)
                client.Dispose();
            state.Delete(recursive: true);
        }
    }

    private static GatewayProcess Start(NetworkLab lab, int host, string state) => GatewayProcess.StartBehind(
        lab.On(host),
        [
            "--host", lab.Address(host),
            "--port", $"{HttpPort}",
            "--open-control-plane",
            "--cluster",
            "--cluster-plaintext",
            "--cluster-host", lab.Address(host),
            "--cluster-port", $"{ClusterPort}",
            "--cluster-peers", .. Enumerable.Range(0, 3).Select(peer => $"{lab.Address(peer)}:{ClusterPort}"),
            "--state-dir", state,
        ]);

    private static async Task RegisterAsync(HttpClient client, SimulatedWorker engine)
    {
        using var answer = await client.PostAsJsonAsync("workers", new { url = engine.Url.GetLeftPart(UriPartial.Authority) });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static async Task ServesAsync(HttpClient[] clients)
    {
        foreach (var client in clients)
        {
            using var answer = await client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), ClientLoad.Request(stream: false, maxTokens: 2));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static async Task SeeAsync(HttpClient[] clients, params int[] members)
    {
        for (var i = 0; i < clients.Length; i++)
        {
            var expected = members[i];
            await GatewayCluster.EventuallyAsync(
                clients[i], "cluster", answer => GatewayCluster.Reachable(answer) == expected && answer["members"]!.AsArray().Count == expected, $"gateway {i} sees {expected}");
        }
    }

    private static async Task HaveReadyAsync(HttpClient[] clients, params int[] workers)
    {
        for (var i = 0; i < clients.Length; i++)
        {
            var expected = workers[i];
            await GatewayCluster.EventuallyAsync(clients[i], "workers", answer => GatewayCluster.Ready(answer) == expected, $"gateway {i} has {expected} ready");
        }
    }
}
