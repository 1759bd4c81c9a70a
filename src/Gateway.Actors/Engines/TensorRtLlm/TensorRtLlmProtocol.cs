using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;
using Gateway.Wire.Common;
using Gateway.Wire.TensorRtLlm;
using Grpc.Core;

namespace Gateway.Actors.Engines.TensorRtLlm;

/// <summary>TensorRT-LLM's server.</summary>
internal sealed class TensorRtLlmProtocol : IEngineProtocol
{
    private const string Well = "OK";

    public EngineRuntime Runtime => EngineRuntime.TensorRtLlm;

    public async Task<string?> CheckHealthAsync(CallInvoker channel, CallOptions options)
    {
        var answer = await Client(channel).HealthCheckAsync(new HealthCheckRequest(), options).ConfigureAwait(false);
        return answer.Status == Well ? null : answer.Status;
    }

    public async Task<WorkerFacts> DiscoverAsync(CallInvoker channel, CallOptions options)
    {
        var client = Client(channel);
        var model = await client.GetModelInfoAsync(new GetModelInfoRequest(), options).ConfigureAwait(false);
        var server = await EngineQuestion.UnlessUnimplementedAsync(client.GetServerInfoAsync(new GetServerInfoRequest(), options)).ConfigureAwait(false);
        return TensorRtLlmFacts.Read(model, server);
    }

    public EngineStream Generate(CallInvoker channel, GenerationRequest request, EngineDefaults defaults, CallOptions options)
    {
        var message = TensorRtLlmRequest.From(request, defaults);
        return new EngineStream<GenerateResponse>(Client(channel).Generate(message, options), new TensorRtLlmSteps(request));
    }

    public async Task<EmbeddingResult> EmbedAsync(CallInvoker channel, EmbeddingRequest request, CallOptions options)
    {
        if (request.Task != EmbeddingTask.Embed)
            throw new EngineException(EngineFault.Unsupported, "TensorRT-LLM only embeds over gRPC");
        var message = new EmbedRequest { RequestId = request.RequestId, Tokenized = TensorRtLlmRequest.Tokenized(request.Tokens, "") };
        var answer = await Client(channel).EmbedAsync(message, options).ConfigureAwait(false);
        return new EmbeddingResult(answer.Embedding, (int)answer.PromptTokens);
    }

    public async Task AbortAsync(CallInvoker channel, IReadOnlyList<string> requestIds, CallOptions options)
    {
        var client = Client(channel);
        foreach (var requestId in requestIds)
            await client.AbortAsync(new AbortRequest { RequestId = requestId }, options).ConfigureAwait(false);
    }

    public AsyncServerStreamingCall<GetTokenizerChunk> GetTokenizer(CallInvoker channel, CallOptions options) =>
        Client(channel).GetTokenizer(new GetTokenizerRequest(), options);

    public AsyncServerStreamingCall<KvEventBatch> SubscribeKvEvents(CallInvoker channel, ulong from, CallOptions options) =>
        Client(channel).SubscribeKvEvents(new SubscribeKvEventsRequest { StartSequenceNumber = from }, options);

    private static TrtllmService.TrtllmServiceClient Client(CallInvoker channel) => new(channel);
}
