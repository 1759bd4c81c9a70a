using Gateway.Simulator.Tests.Http;
using Gateway.Wire.SgLang;
using Gateway.Wire.Vllm;
using Grpc.Core;
using Grpc.Net.Client;
using SgLang = Gateway.Wire.SgLang;
using Vllm = Gateway.Wire.Vllm;

namespace Gateway.Simulator.Tests.Grpc;

/// <summary>A worker that speaks gRPC, and clients of it.</summary>
internal sealed class GrpcBench : IAsyncDisposable
{
    private readonly GrpcChannel _channel;

    private GrpcBench(SimulatedWorker worker)
    {
        Worker = worker;
        _channel = GrpcChannel.ForAddress(worker.Url);
    }

    public SimulatedWorker Worker { get; }

    public SimulatorStats Stats => Worker.Stats;

    public SglangScheduler.SglangSchedulerClient SgLang => new(_channel);

    public VllmEngine.VllmEngineClient Vllm => new(_channel);

    public global::Gateway.Actors.Engines.Wire.Health.Health.HealthClient Health => new(_channel);

    public static async Task<GrpcBench> StartAsync(SimulatorOptions? options = null) =>
        new(await SimulatedWorker.StartAsync((options ?? new SimulatorOptions { Timings = EngineTimings.Fast }) with { Protocol = SimulatorProtocol.Grpc }));

    /// <summary>A request as the gateway would send it.</summary>
    public static SgLang.GenerateRequest SgLangRequest(string id = "r", bool stream = true, int prompt = 40) => new()
    {
        RequestId = id,
        Tokenized = new SgLang.TokenizedInput { InputIds = { Prompt(prompt) } },
        SamplingParams = new SgLang.SamplingParams { Temperature = 1, TopP = 1, TopK = -1, RepetitionPenalty = 1, N = 1 },
        LogprobStartLen = -1,
        Stream = stream,
    };

    /// <inheritdoc cref="SgLangRequest"/>
    public static Vllm.GenerateRequest VllmRequest(string id = "r", bool stream = true, int prompt = 40) => new()
    {
        RequestId = id,
        Tokenized = new Vllm.TokenizedInput { InputIds = { Prompt(prompt) } },
        SamplingParams = new Vllm.SamplingParams { Temperature = 1, TopP = 1, RepetitionPenalty = 1, N = 1 },
        Stream = stream,
    };

    /// <summary>Takes minutes, so that it surely runs when the test does something to it.</summary>
    public static SgLang.GenerateRequest EndlessSgLang(string id = "r")
    {
        var request = SgLangRequest(id);
        request.SamplingParams.IgnoreEos = true;
        request.SamplingParams.MaxNewTokens = 50_000;
        return request;
    }

    public static IEnumerable<uint> Prompt(int tokens) => Enumerable.Range(100, tokens).Select(static i => (uint)i);

    public async Task<List<SgLang.GenerateResponse>> GenerateAsync(SgLang.GenerateRequest request)
    {
        using var call = SgLang.Generate(request);
        return await call.ResponseStream.ReadAllAsync().ToListAsync();
    }

    public async Task<List<Vllm.GenerateResponse>> GenerateAsync(Vllm.GenerateRequest request)
    {
        using var call = Vllm.Generate(request);
        return await call.ResponseStream.ReadAllAsync().ToListAsync();
    }

    public async Task<RpcException> FailAsync(SgLang.GenerateRequest request) => await Assert.ThrowsAsync<RpcException>(() => GenerateAsync(request));

    /// <summary>Begins a generation and waits for its first message.</summary>
    public async Task<AsyncServerStreamingCall<SgLang.GenerateResponse>> BeginAsync(SgLang.GenerateRequest request)
    {
        var call = SgLang.Generate(request);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        return call;
    }

    public Task ComesToRestAsync() => Eventually.BecomesTrueAsync(() => Stats.Running + Stats.Waiting == 0);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Worker.DisposeAsync();
    }
}
