using Gateway.Actors.Engines.Administration;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;
using Gateway.Wire.Common;
using Gateway.Wire.SgLang;
using Grpc.Core;

namespace Gateway.Actors.Engines.SgLang;

/// <summary>SGLang's scheduler.</summary>
internal sealed class SgLangProtocol : IEngineProtocol
{
    public EngineRuntime Runtime => EngineRuntime.SgLang;

    public IEngineAdministration Administration { get; } = new SgLangAdministration();

    public IPairing Pairing { get; } = new SgLangPairing();

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
        return SgLangFacts.Read(model, server, loads);
    }

    public EngineStream Generate(CallInvoker channel, GenerationRequest request, EngineDefaults defaults, CallOptions options)
    {
        var message = SgLangRequest.From(request, defaults.Sampling);
        return new EngineStream<GenerateResponse>(Client(channel).Generate(message, options), new SgLangSteps(request));
    }

    public async Task<EmbeddingResult> EmbedAsync(CallInvoker channel, EmbeddingRequest request, CallOptions options)
    {
        var answer = await Client(channel).EmbedAsync(SgLangRequest.From(request), options).ConfigureAwait(false);
        return new EmbeddingResult(answer.Embedding, (int)answer.PromptTokens);
    }

    public async Task AbortAsync(CallInvoker channel, IReadOnlyList<string> requestIds, CallOptions options)
    {
        var client = Client(channel);
        foreach (var requestId in requestIds)
            await client.AbortAsync(new AbortRequest { RequestId = requestId, Reason = "the client is gone" }, options).ConfigureAwait(false);
    }

    public async Task<EngineLoadReport> ReadLoadAsync(CallInvoker channel, CallOptions options) =>
        SgLangLoads.Read(await Client(channel).GetLoadsAsync(new GetLoadsRequest(), options).ConfigureAwait(false));

    public AsyncServerStreamingCall<GetTokenizerChunk> GetTokenizer(CallInvoker channel, CallOptions options) =>
        Client(channel).GetTokenizer(new GetTokenizerRequest(), options);

    public AsyncServerStreamingCall<KvEventBatch> SubscribeKvEvents(CallInvoker channel, ulong from, CallOptions options) =>
        Client(channel).SubscribeKvEvents(new SubscribeKvEventsRequest { StartSequenceNumber = from }, options);

    private static SglangScheduler.SglangSchedulerClient Client(CallInvoker channel) => new(channel);
}
