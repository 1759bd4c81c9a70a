using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;
using Gateway.Wire.Common;
using Gateway.Wire.Vllm;
using Grpc.Core;

namespace Gateway.Actors.Engines.Vllm;

/// <summary>vLLM's engine.</summary>
internal sealed class VllmProtocol : IEngineProtocol
{
    public EngineRuntime Runtime => EngineRuntime.Vllm;

    public IPairing Pairing { get; } = new VllmPairing();

    public async Task<string?> CheckHealthAsync(CallInvoker channel, CallOptions options)
    {
        var answer = await Client(channel).HealthCheckAsync(new HealthCheckRequest(), options).ConfigureAwait(false);
        return answer.Healthy ? null : answer.Message;
    }

    public async Task<WorkerFacts> DiscoverAsync(CallInvoker channel, CallOptions options)
    {
        var client = Client(channel);
        var model = await client.GetModelInfoAsync(new GetModelInfoRequest(), options).ConfigureAwait(false);
        var server = await EngineQuestion.UnlessUnimplementedAsync(client.GetServerInfoAsync(new GetServerInfoRequest(), options)).ConfigureAwait(false);
        var loads = await EngineQuestion.UnlessFailedAsync(client.GetLoadsAsync(new GetLoadsRequest(), options)).ConfigureAwait(false);
        return VllmFacts.Read(model, server, loads);
    }

    public EngineStream Generate(CallInvoker channel, GenerationRequest request, EngineDefaults defaults, CallOptions options)
    {
        var message = VllmRequest.From(request, defaults.Sampling);
        return new EngineStream<GenerateResponse>(Client(channel).Generate(message, options), new VllmSteps(request));
    }

    public async Task<EmbeddingResult> EmbedAsync(CallInvoker channel, EmbeddingRequest request, CallOptions options)
    {
        if (request.Task != EmbeddingTask.Embed)
            throw new EngineException(EngineFault.Unsupported, "vLLM only embeds over gRPC");
        var message = new EmbedRequest { RequestId = request.RequestId, Tokenized = VllmRequest.Tokenized(request.Tokens, "") };
        var answer = await Client(channel).EmbedAsync(message, options).ConfigureAwait(false);
        return new EmbeddingResult(answer.Embedding, (int)answer.PromptTokens);
    }

    public async Task AbortAsync(CallInvoker channel, IReadOnlyList<string> requestIds, CallOptions options) =>
        await Client(channel).AbortAsync(new AbortRequest { RequestIds = { requestIds } }, options).ConfigureAwait(false);

    public async Task<EngineLoadReport> ReadLoadAsync(CallInvoker channel, CallOptions options) =>
        VllmLoads.Read(await Client(channel).GetLoadsAsync(new GetLoadsRequest(), options).ConfigureAwait(false));

    public AsyncServerStreamingCall<GetTokenizerChunk> GetTokenizer(CallInvoker channel, CallOptions options) =>
        Client(channel).GetTokenizer(new GetTokenizerRequest(), options);

    public AsyncServerStreamingCall<KvEventBatch> SubscribeKvEvents(CallInvoker channel, ulong from, CallOptions options) =>
        Client(channel).SubscribeKvEvents(new SubscribeKvEventsRequest { StartSequenceNumber = from }, options);

    private static VllmEngine.VllmEngineClient Client(CallInvoker channel) => new(channel);
}
