using Grpc.Core;
using AbortRequest = Gateway.Wire.Vllm.AbortRequest;
using GetLoadsRequest = Gateway.Wire.Vllm.GetLoadsRequest;
using GetModelInfoRequest = Gateway.Wire.Vllm.GetModelInfoRequest;
using GetServerInfoRequest = Gateway.Wire.Vllm.GetServerInfoRequest;

namespace Gateway.Simulator.Tests.Grpc;

public sealed class VllmTests : IAsyncLifetime
{
    private GrpcBench _bench = null!;

    public async Task InitializeAsync() =>
        _bench = await GrpcBench.StartAsync(new SimulatorOptions { Runtime = SimulatedRuntime.Vllm, Timings = EngineTimings.Fast });

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_stream_is_differences_in_everything_and_its_end_repeats_the_last()
    {
        var answer = await _bench.GenerateAsync(GrpcBench.VllmRequest());

        Assert.All(answer[..^1], static message => Assert.Equal(message.Chunk.TokenIds.Count, (int)message.Chunk.CompletionTokens));
        var end = answer[^1].Complete;
        Assert.Equal(answer[^2].Chunk.TokenIds, end.OutputIds);
        Assert.Equal(("stop", 40u, 2u), (end.FinishReason, end.PromptTokens, end.MatchedTokenId));
    }

    [Fact]
    public async Task A_whole_answer_is_one_message_with_the_tokens_that_a_stream_has()
    {
        var stream = await _bench.GenerateAsync(GrpcBench.VllmRequest());

        var whole = Assert.Single(await _bench.GenerateAsync(GrpcBench.VllmRequest(stream: false)));

        Assert.Equal(stream[..^1].SelectMany(static message => message.Chunk.TokenIds), whole.Complete.OutputIds);
        Assert.Equal(whole.Complete.OutputIds.Count, (int)whole.Complete.CompletionTokens);
    }

    [Fact]
    public async Task An_abort_takes_whole_ids()
    {
        var request = GrpcBench.VllmRequest("mine-0");
        (request.SamplingParams.IgnoreEos, request.SamplingParams.MaxTokens) = (true, 50_000);
        using var call = _bench.Vllm.Generate(request);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        await _bench.Vllm.AbortAsync(new AbortRequest { RequestIds = { "mine", "nobody" } });
        Assert.Equal(1, _bench.Stats.Running);
        await _bench.Vllm.AbortAsync(new AbortRequest { RequestIds = { "mine-0", "nobody" } });

        var rest = await call.ResponseStream.ReadAllAsync().ToListAsync();
        Assert.Equal("abort", rest[^1].Complete.FinishReason);
        Assert.Equal((1, 0), (_bench.Stats.Aborted, _bench.Stats.Running));
    }

    [Fact]
    public async Task Another_seed_gives_another_answer_and_the_same_the_same()
    {
        var answers = new List<string>();
        foreach (var seed in (int[])[1, 2, 1])
        {
            var request = GrpcBench.VllmRequest(stream: false);
            request.SamplingParams.Seed = seed;
            answers.Add(Assert.Single(await _bench.GenerateAsync(request)).Complete.OutputIds.ToString());
        }

        Assert.Equal(answers[0], answers[2]);
        Assert.NotEqual(answers[0], answers[1]);
    }

    [Fact]
    public async Task The_older_way_to_keys_and_values_from_elsewhere_is_not_simulated()
    {
        var request = GrpcBench.VllmRequest();
        request.KvTransferParams = new Gateway.Wire.Vllm.KvTransferParams { RemoteHost = "127.0.0.1", RemotePort = 1 };

        var error = await Assert.ThrowsAsync<RpcException>(() => _bench.GenerateAsync(request));

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    [Fact]
    public async Task It_tells_what_it_is_and_how_busy()
    {
        var model = await _bench.Vllm.GetModelInfoAsync(new GetModelInfoRequest());
        var server = await _bench.Vllm.GetServerInfoAsync(new GetServerInfoRequest());
        var loads = await _bench.Vllm.GetLoadsAsync(new GetLoadsRequest());

        Assert.Equal(("sim-8b", 32_000u), (model.ServedModelName, model.VocabSize));
        Assert.Equal(("vllm-grpc", 1), (server.ServerType, server.DataParallelSize));
        Assert.Equal(256, Assert.Single(loads.Loads).MaxRunningRequests);
    }

    [Fact]
    public async Task A_worker_has_the_service_of_its_runtime_alone()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => _bench.GenerateAsync(GrpcBench.SgLangRequest()));

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }
}
