using System.Net;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd.Cluster;

/// <summary>What gateways of a cluster tell each other, so that they serve as one.</summary>
public sealed class ClusterSharingTests
{
    [Fact]
    public async Task A_tenants_limit_per_minute_holds_over_all_gateways_together()
    {
        const int Limit = 600;
        await using var engines = await SimulatedFleet.StartAsync(2, new SimulatorOptions { Timings = EngineTimings.Fast });
        var configuration = Path.GetTempFileName();
        await File.WriteAllTextAsync(configuration, $"tenants:\n- name: alice\n  api_key: alice-key\n  requests_per_minute: {Limit}\n");
        await using var cluster = await GatewayCluster.StartAsync(3, "--config", configuration);
        foreach (var engine in engines.Workers)
            await cluster.RegisterAsync(0, engine.Url);
        await cluster.HasReadyAsync(2);
        var begin = DateTime.UtcNow;

        var served = 0;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async client =>
        {
            for (var i = 0; i < 100; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = ClientLoad.Request(stream: false, maxTokens: 1) };
                request.Headers.Authorization = new("Bearer", "alice-key");
                using var answer = await cluster.Clients[(client + i) % 3].SendAsync(request);
                if (answer.StatusCode == HttpStatusCode.OK)
                    Interlocked.Increment(ref served);
                else
                    Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            }
        }));

        // A full bucket, and what came in meanwhile, however fast this machine is.
        var refilled = (DateTime.UtcNow - begin).TotalMinutes * Limit;
        Assert.InRange(served, Math.Min(1200, Limit) * 0.9, (Limit + refilled) * 1.1);
        File.Delete(configuration);
    }

    [Fact]
    public async Task A_gateway_sees_what_the_others_have_on_a_worker()
    {
        await using var engines = await SimulatedFleet.StartAsync(1, new SimulatorOptions());
        await using var cluster = await GatewayCluster.StartAsync(2);
        await cluster.RegisterAsync(0, engines.Workers[0].Url);
        await cluster.HasReadyAsync(1);

        await using var load = BalancedLoad.Start([cluster.Clients[0]], clients: 8);
        await GatewayCluster.EventuallyAsync(
            cluster.Clients[1], "workers", static workers => (int)workers["workers"]![0]!["load"]! == 0 && (int?)workers["workers"]![0]!["peer_load"] >= 3, "the other gateway's load is seen");
        await load.StopAsync();
        await GatewayCluster.EventuallyAsync(
            cluster.Clients[1], "workers", static workers => (int?)workers["workers"]![0]!["peer_load"] is null, "it is gone again");
    }

    [Fact]
    public async Task A_conversation_that_goes_on_at_another_gateway_stays_with_the_worker_that_has_its_prefix()
    {
        const int Conversations = 12;
        await using var engines = await SimulatedFleet.StartAsync(4, new SimulatorOptions { Timings = EngineTimings.Fast });
        await using var cluster = await GatewayCluster.StartAsync(2);
        foreach (var engine in engines.Workers)
            await cluster.RegisterAsync(0, engine.Url);
        await cluster.HasReadyAsync(4);
        // Both know the workers' indexes before the first prompt is told of.
        for (var i = 0; i < cluster.Count; i++)
            await AskAsync(cluster.Clients[i], "warm up");

        var first = new string[Conversations];
        for (var i = 0; i < Conversations; i++)
            first[i] = await AskAsync(cluster.Clients[0], Prompt(i, turns: 1));
        // Told once a second; when the last one is known, all are.
        var limit = DateTime.UtcNow.AddSeconds(30);
        var agree = 0;
        do
        {
            await Task.Delay(500);
            agree = 0;
            for (var i = 0; i < Conversations; i++)
                agree += await AskAsync(cluster.Clients[1], Prompt(i, turns: 1)) == first[i] ? 1 : 0;
        }
        while (agree < Conversations && DateTime.UtcNow < limit && agree < Conversations * 3 / 4);

        Assert.True(first.Distinct().Count() > 1, "the conversations are spread over workers");
        // By chance it would be a quarter.
        Assert.InRange(agree, Conversations * 3 / 4, Conversations);
    }

    private static string Prompt(int conversation, int turns) =>
        string.Join(' ', Enumerable.Range(0, 300 * turns).Select(word => $"{conversation * 31 % 97}-{word}"));

    private static async Task<string> AskAsync(HttpClient gateway, string prompt)
    {
        using var answer = await gateway.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), ClientLoad.Request(stream: false, maxTokens: 1, prompt));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.GetValues("x-simulated-engine").Single();
    }
}
