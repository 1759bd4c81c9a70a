using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd.Cluster;

/// <summary>Three gateways as processes that find each other, over simulated engines.</summary>
public sealed class ClusterTests
{
    [Fact]
    public async Task What_is_registered_edited_or_removed_at_one_gateway_is_so_at_all_and_after_a_restart_of_all()
    {
        await using var engines = await SimulatedFleet.StartAsync(2, new SimulatorOptions { Timings = EngineTimings.Fast });
        await using var cluster = await GatewayCluster.StartAsync(3);

        var first = await cluster.RegisterAsync(0, engines.Workers[0].Url);
        var second = await cluster.RegisterAsync(1, engines.Workers[1].Url);
        await cluster.HasReadyAsync(2);

        using var edit = await cluster.Clients[2].PatchAsJsonAsync($"workers/{first}", new { priority = 7 });
        Assert.Equal(HttpStatusCode.Accepted, edit.StatusCode);
        await GatewayCluster.EventuallyAsync(
            cluster.Clients[0], $"workers/{first}", static worker => (int)worker["priority"]! == 7 && (long)worker["revision"]! == 2, "the edit is at the first gateway");

        using var removal = await cluster.Clients[0].DeleteAsync(new Uri($"workers/{second}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Accepted, removal.StatusCode);
        await cluster.HasReadyAsync(1);

        for (var i = 0; i < cluster.Count; i++)
            Assert.Equal(0, await cluster.StopAsync(i));
        await cluster.StartAllAsync();

        await cluster.HasReadyAsync(1);
        for (var i = 0; i < cluster.Count; i++)
        {
            var worker = Assert.Single((await cluster.GetAsync(i, "workers"))["workers"]!.AsArray())!;
            Assert.Equal((first, 7, 2L), ((string?)worker["id"], (int)worker["priority"]!, (long)worker["revision"]!));
        }
    }

    [Fact]
    public async Task A_gateway_that_was_away_hears_of_what_was_removed_and_does_not_bring_it_back()
    {
        await using var engines = await SimulatedFleet.StartAsync(2, new SimulatorOptions { Timings = EngineTimings.Fast });
        await using var cluster = await GatewayCluster.StartAsync(3);
        var first = await cluster.RegisterAsync(0, engines.Workers[0].Url);
        await cluster.RegisterAsync(0, engines.Workers[1].Url);
        await cluster.HasReadyAsync(2);
        await cluster.StopAsync(2);

        using var removal = await cluster.Clients[0].DeleteAsync(new Uri($"workers/{first}?force=true", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Accepted, removal.StatusCode);
        await cluster.HasReadyAsync(1);
        await cluster.StartAsync(2);
        await cluster.MeetAsync(3);

        await cluster.HasReadyAsync(1);
        Assert.Equal(1, (int)(await cluster.GetAsync(0, "workers"))["total"]!);
    }

    [Fact]
    public async Task A_gateway_alone_keeps_its_registrations_over_a_restart_unless_told_to_forget()
    {
        await using var engines = await SimulatedFleet.StartAsync(1, new SimulatorOptions { Timings = EngineTimings.Fast });
        var state = Directory.CreateTempSubdirectory("gateway-state-");
        string[] arguments = ["--state-dir", state.FullName];
        await RunAsync(arguments, async client =>
        {
            using var answer = await client.PostAsJsonAsync("workers", new { url = engines.Workers[0].Url.GetLeftPart(UriPartial.Authority), api_key = "worker-key" });
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        });

        await RunAsync(arguments, static client => GatewayCluster.EventuallyAsync(client, "workers", static workers => GatewayCluster.Ready(workers) == 1, "it is there again"));
        await RunAsync(
            [.. arguments, "--forget-registrations"],
            static async client => Assert.Equal(0, (int)JsonNode.Parse(await client.GetStringAsync(new Uri("workers", UriKind.Relative)))!["total"]!));
        state.Delete(recursive: true);
    }

    private static async Task RunAsync(string[] arguments, Func<HttpClient, Task> use)
    {
        var (gateway, client) = await GatewayProcess.StartListeningAsync(arguments);
        await using (gateway)
        {
            using (client)
                await use(client);
            gateway.Terminate();
            Assert.Equal(0, await gateway.ExitAsync());
        }
    }
}
