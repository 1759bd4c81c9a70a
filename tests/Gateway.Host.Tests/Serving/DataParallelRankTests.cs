using System.Net;
using System.Text.Json;
using Gateway.Actors.Workers;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Serving;

public sealed class DataParallelRankTests
{
    [Theory]
    [InlineData(EngineRuntime.SgLang)]
    [InlineData(EngineRuntime.Unspecified)]
    public async Task A_worker_that_is_one_rank_of_an_engine_has_it_put_into_the_body(EngineRuntime runtime)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync();
        gateway.Add(engine.Url + "@0", runtime: runtime);
        gateway.Add(engine.Url + "@1", runtime: runtime);

        for (var i = 0; i < 2; i++)
        {
            using var response = await gateway.ChatAsync(model: TestGateway.Alias);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(
            [0, 1],
            engine.Seen.Select(static request => JsonDocument.Parse(request.Body).RootElement.GetProperty("data_parallel_rank").GetInt32()));
        Assert.All(engine.Seen, static request =>
            Assert.StartsWith(TestGateway.ChatBody()[..^1] + ",\"data_parallel_rank\":", request.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task VLLM_is_told_in_a_header_that_the_client_cannot_set()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync();
        gateway.Add(engine.Url + "@3", runtime: EngineRuntime.Vllm);

        using var response = await gateway.ChatAsync(change: static message => message.Headers.Add("X-Data-Parallel-Rank", "7"));

        var seen = Assert.Single(engine.Seen);
        Assert.Equal("3", seen.Header("x-data-parallel-rank"));
        Assert.Equal(TestGateway.ChatBody(), seen.Body);
    }

    [Fact]
    public async Task The_decode_half_of_a_pair_is_told_the_prefill_halfs_rank_as_well()
    {
        await using var prefill = await EngineStandIn.StartAsync();
        await using var decode = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync();
        gateway.Add(prefill.Url + "@2", static spec => spec with { Role = WorkerRole.Prefill });
        gateway.Add(decode.Url + "@5", static spec => spec with { Role = WorkerRole.Decode });

        using var response = await gateway.ChatAsync();
        await gateway.AssertNothingInFlightAsync();

        var first = JsonDocument.Parse(Assert.Single(prefill.Seen).Body).RootElement;
        var second = JsonDocument.Parse(Assert.Single(decode.Seen).Body).RootElement;
        Assert.Equal(2, first.GetProperty("data_parallel_rank").GetInt32());
        Assert.False(first.TryGetProperty("disagg_prefill_dp_rank", out _));
        Assert.Equal(5, second.GetProperty("data_parallel_rank").GetInt32());
        Assert.Equal(2, second.GetProperty("disagg_prefill_dp_rank").GetInt32());
        Assert.Equal(first.GetProperty("bootstrap_room").GetInt64(), second.GetProperty("bootstrap_room").GetInt64());
        Assert.Equal("127.0.0.1", first.GetProperty("bootstrap_host").GetString());
    }
}
