using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>A whole gateway over simulated engines that have several data-parallel ranks.</summary>
public sealed class DataParallelTourTests
{
    private const int Ranks = 4;

    [Fact]
    public async Task Each_rank_of_an_engine_gets_its_share_by_the_gateways_choice()
    {
        const int Requests = 24;
        await using var gateway = await LiveGateway.StartAsync(2, Engine(), static options => WithRanks(options, "round_robin"));

        await AskAsync(gateway, Requests);

        Assert.All(gateway.Engines.Workers, static engine => Assert.Equal(Enumerable.Repeat(3L, Ranks), engine.Stats.RequestsByRank));
    }

    [Fact]
    public async Task Dp_min_token_leaves_no_rank_idle()
    {
        await using var gateway = await LiveGateway.StartAsync(1, Engine(), static options => WithRanks(options, "dp_min_token"));

        // As many at once as there are ranks: each finds another rank with nothing to do.
        for (var round = 0; round < 5; round++)
            await Task.WhenAll(Enumerable.Range(0, Ranks).Select(_ => AskAsync(gateway, 1)));

        Assert.All(gateway.Engines.Workers[0].Stats.RequestsByRank, static requests => Assert.InRange(requests, 1, 5 + Ranks));
        Assert.Equal(5 * Ranks, gateway.Engines.Workers[0].Stats.RequestsByRank.Sum());
    }

    [Fact]
    public async Task A_decode_engine_is_told_which_rank_of_the_prefill_engine_has_the_cache()
    {
        await using var gateway = await LiveGateway.StartPairsAsync(
            prefill: 1, decode: 1, static options => WithRanks(options, "round_robin"), EngineTimings.Fast, Ranks);

        await AskAsync(gateway, 2 * Ranks);

        // The engines would refuse a request whose cache is on another rank.
        Assert.All(gateway.Engines.Workers, static engine => Assert.Equal(Enumerable.Repeat(2L, Ranks), engine.Stats.RequestsByRank));
    }

    [Fact]
    public async Task Without_the_option_the_engine_chooses_its_ranks_itself()
    {
        await using var gateway = await LiveGateway.StartAsync(1, Engine());

        await AskAsync(gateway, Ranks);

        Assert.Equal(Ranks, gateway.Engines.Workers[0].Stats.RequestsByRank.Sum());
        Assert.Empty(gateway.View.Current.Workers.Values.Single().Worker.Ranks.ToArray());
    }

    private static SimulatorOptions Engine() => new() { Timings = EngineTimings.Fast, DataParallelSize = Ranks };

    private static GatewayOptions WithRanks(GatewayOptions options, string policy) =>
        options with { Fleet = options.Fleet with { DataParallelAware = true, Policy = policy } };

    private static async Task AskAsync(LiveGateway gateway, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            using var answer = await gateway.Client.PostAsync(
                new Uri("/v1/chat/completions", UriKind.Relative), ClientLoad.Request(stream: i % 2 == 0, maxTokens: 3));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.DoesNotContain("error", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.SelectMany(static entry => entry.WithRanks()).All(static entry => entry.Worker.Load == 0),
            "no rank counts a request any more");
    }
}
