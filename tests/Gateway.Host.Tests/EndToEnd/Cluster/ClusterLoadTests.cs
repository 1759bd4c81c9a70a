using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd.Cluster;

/// <summary>Gateways of a cluster that stop, start and die while clients go on asking.</summary>
public sealed class ClusterLoadTests
{
    [Fact]
    public async Task A_rolling_upgrade_under_load_loses_no_request()
    {
        await using var engines = await SimulatedFleet.StartAsync(3, new SimulatorOptions { Timings = EngineTimings.Fast });
        await using var cluster = await GatewayCluster.StartAsync(3);
        foreach (var engine in engines.Workers)
            await cluster.RegisterAsync(0, engine.Url);
        await cluster.HasReadyAsync(3);
        await using var load = BalancedLoad.Start(cluster.Clients, clients: 8);
        await load.ServesAsync(50);

        for (var i = 0; i < cluster.Count; i++)
        {
            Assert.Equal(0, await cluster.StopAsync(i));
            await load.ServesAsync(30);
            await cluster.StartAsync(i);
            await cluster.MeetAsync(3);
            await cluster.HasReadyAsync(3);
            await load.ServesAsync(30);
        }

        await load.StopAsync();
        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task The_death_of_a_gateway_costs_the_clients_of_the_others_nothing()
    {
        await using var engines = await SimulatedFleet.StartAsync(2, new SimulatorOptions { Timings = EngineTimings.Fast });
        await using var cluster = await GatewayCluster.StartAsync(3);
        foreach (var engine in engines.Workers)
            await cluster.RegisterAsync(2, engine.Url);
        await cluster.HasReadyAsync(2);
        await using var load = BalancedLoad.Start([cluster.Clients[0], cluster.Clients[1]], clients: 8);
        await load.ServesAsync(50);

        await cluster.KillAsync(2);
        await cluster.MeetAsync(2);
        await load.ServesAsync(100);
        await cluster.StartAsync(2);
        await cluster.MeetAsync(3);
        await cluster.HasReadyAsync(2);
        await load.ServesAsync(50);

        await load.StopAsync();
        Assert.Empty(load.Failures);
    }
}
