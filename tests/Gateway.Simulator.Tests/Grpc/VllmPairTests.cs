using System.Text.Json.Nodes;
using Gateway.Simulator.Tests.Http;
using Gateway.Wire.Vllm;
using Grpc.Core;

namespace Gateway.Simulator.Tests.Grpc;

/// <summary>vLLM's prefill and decode workers, which are asked one after the other.</summary>
public sealed class VllmPairTests
{
    private const string ForPrefill = """{"do_remote_decode":true,"do_remote_prefill":false}""";

    private static readonly SimulatorOptions _options = new()
    {
        Runtime = SimulatedRuntime.Vllm,
        Timings = EngineTimings.Fast,
        BootstrapTimeout = TimeSpan.FromMilliseconds(500),
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_decode_asked_with_what_its_prefill_answered_says_what_one_worker_would(bool stream)
    {
        await using var prefill = await StartAsync(SimulatorRole.Prefill);
        await using var decode = await StartAsync(SimulatorRole.Decode);
        await using var regular = await StartAsync(SimulatorRole.Regular);

        var first = Assert.Single(await prefill.GenerateAsync(Prefill("p"))).Complete;
        var answer = await decode.GenerateAsync(Decode(first.KvTransferParamsJson, stream));

        Assert.Equal(("length", 1), (first.FinishReason, first.OutputIds.Count));
        Assert.Equal(Tokens(await regular.GenerateAsync(GrpcBench.VllmRequest(stream: stream))), Tokens(answer));
        await Eventually.BecomesTrueAsync(() => prefill.Stats is { RoomsHandedOver: 1, RoomsOpen: 0 });
        Assert.Equal(1, decode.Stats.RoomsHandedOver);
    }

    [Fact]
    public async Task What_a_prefill_keeps_is_fetched_once_and_from_the_engine_that_has_it()
    {
        await using var prefill = await StartAsync(SimulatorRole.Prefill);
        await using var decode = await StartAsync(SimulatorRole.Decode);
        var told = Assert.Single(await prefill.GenerateAsync(Prefill("p"))).Complete.KvTransferParamsJson;

        await FailsAsync(decode, With(told, "remote_request_id", "q"));
        await FailsAsync(decode, With(told, "remote_engine_id", "another"));
        await decode.GenerateAsync(Decode(told));
        await FailsAsync(decode, told);
    }

    [Fact]
    public async Task What_nobody_fetches_is_given_up_in_the_end()
    {
        await using var prefill = await StartAsync(SimulatorRole.Prefill);

        await prefill.GenerateAsync(Prefill("p"));

        await Eventually.BecomesTrueAsync(() => prefill.Stats is { RoomsAbandoned: 1, RoomsOpen: 0 });
    }

    [Fact]
    public async Task A_prefill_that_stops_by_itself_keeps_nothing()
    {
        await using var prefill = await StartAsync(
            SimulatorRole.Prefill, static options => options with { Script = AnswerScript.OfTokens(2) });

        Assert.False(Assert.Single(await prefill.GenerateAsync(Prefill("p"))).Complete.HasKvTransferParamsJson);
        Assert.Equal(0, prefill.Stats.RoomsOpen);
    }

    [Fact]
    public async Task With_Mooncake_the_two_are_told_of_a_transfer_that_they_have_no_part_in_naming()
    {
        await using var prefill = await StartAsync(SimulatorRole.Prefill, Mooncake);
        await using var decode = await StartAsync(SimulatorRole.Decode, Mooncake);
        var facts = await prefill.Vllm.GetServerInfoAsync(new GetServerInfoRequest());
        var told = $$"""
            {"do_remote_decode":false,"do_remote_prefill":true,"transfer_id":"t","remote_engine_id":"{{facts.KvEngineId}}",
             "remote_bootstrap_addr":"http://127.0.0.1:{{prefill.Worker.BootstrapPort}}"}
            """;

        Assert.Equal("MooncakeConnector", facts.KvConnector);
        Assert.False(Assert.Single(await prefill.GenerateAsync(Prefill("p", With(ForPrefill, "transfer_id", "t")))).Complete.HasKvTransferParamsJson);
        await FailsAsync(decode, With(told, "transfer_id", "u"));
        Assert.NotEmpty(Tokens(await decode.GenerateAsync(Decode(told))));

        static SimulatorOptions Mooncake(SimulatorOptions options) => options with { KvConnector = SimulatedKvConnector.Mooncake };
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("""{"do_remote_prefill":true}""")]
    [InlineData(ForPrefill)]
    public async Task Nonsense_is_refused(string transfer)
    {
        await using var decode = await StartAsync(SimulatorRole.Decode);

        var error = await Assert.ThrowsAsync<RpcException>(() => decode.GenerateAsync(Decode(transfer)));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    private static Task<GrpcBench> StartAsync(SimulatorRole role, Func<SimulatorOptions, SimulatorOptions>? configure = null)
    {
        var options = _options with { Role = role };
        return GrpcBench.StartAsync(configure?.Invoke(options) ?? options);
    }

    private static GenerateRequest Prefill(string id, string transfer = ForPrefill)
    {
        var request = GrpcBench.VllmRequest(id, stream: false);
        request.SamplingParams.MaxTokens = 1;
        request.KvTransferParamsJson = transfer;
        return request;
    }

    private static GenerateRequest Decode(string transfer, bool stream = false)
    {
        var request = GrpcBench.VllmRequest("d", stream);
        request.KvTransferParamsJson = transfer;
        return request;
    }

    private static async Task FailsAsync(GrpcBench decode, string transfer) =>
        Assert.Equal(StatusCode.Internal, (await Assert.ThrowsAsync<RpcException>(() => decode.GenerateAsync(Decode(transfer)))).StatusCode);

    private static string With(string json, string name, string value)
    {
        var node = JsonNode.Parse(json)!;
        node[name] = value;
        return node.ToJsonString();
    }

    private static IEnumerable<uint> Tokens(List<GenerateResponse> answer) =>
        answer is [{ Chunk: null } whole] ? whole.Complete.OutputIds : answer[..^1].SelectMany(static message => message.Chunk.TokenIds);
}
