using Gateway.Simulator.Api;
using Gateway.Wire.Common;
using Gateway.Wire.Vllm;
using Grpc.Core;

namespace Gateway.Simulator.Grpc.Vllm;

/// <summary>The service of vLLM's engine.</summary>
internal sealed class VllmService : VllmEngine.VllmEngineBase
{
    public override Task Generate(GenerateRequest request, IServerStreamWriter<GenerateResponse> responseStream, ServerCallContext context)
    {
        var options = context.Exchange().Options;
        var read = VllmRequest.Read(request, options);
        var part = VllmRequest.ReadPart(request, read, options);
        return TokenAnswerDelivery.RunAsync(context, read, part, new VllmFormat(read, options, TransferOf(context.Exchange(), read, part)), responseStream);
    }

    public override async Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context)
    {
        var tokens = TokenRequest.Tokens(request.Tokenized?.InputIds ?? []);
        var embedding = await TokenEmbedding.ComputeAsync(context, request.RequestId, tokens, rank: null);
        return new EmbedResponse { Embedding = { embedding }, EmbeddingDim = (uint)embedding.Length, PromptTokens = (uint)tokens.Length };
    }

    public override Task<HealthCheckResponse> HealthCheck(HealthCheckRequest request, ServerCallContext context)
    {
        var isLoading = context.Exchange().Life.IsLoading;
        return Task.FromResult(new HealthCheckResponse { Healthy = !isLoading, Message = isLoading ? "The model is still being loaded." : "Health" });
    }

    public override Task<AbortResponse> Abort(AbortRequest request, ServerCallContext context)
    {
        foreach (var id in request.RequestIds)
            context.Exchange().Engines.AbortById(id);
        return Task.FromResult(new AbortResponse());
    }

    public override Task<GetModelInfoResponse> GetModelInfo(GetModelInfoRequest request, ServerCallContext context) =>
        Task.FromResult(VllmFacts.Model(context.Exchange().Options));

    public override Task<GetServerInfoResponse> GetServerInfo(GetServerInfoRequest request, ServerCallContext context) =>
        Task.FromResult(VllmFacts.Server(context.Exchange()));

    public override Task<GetLoadsResponse> GetLoads(GetLoadsRequest request, ServerCallContext context) =>
        Task.FromResult(VllmFacts.Loads(context.Exchange(), request.HasDpRank ? request.DpRank : null));

    public override Task GetTokenizer(GetTokenizerRequest request, IServerStreamWriter<GetTokenizerChunk> responseStream, ServerCallContext context) =>
        TokenizerArchive.SendAsync(context.Exchange().Options, responseStream);

    public override Task SubscribeKvEvents(
        SubscribeKvEventsRequest request, IServerStreamWriter<KvEventBatch> responseStream, ServerCallContext context) =>
        KvEventFeed.SendAsync(context, request, responseStream);

    /// <summary>Mooncake's decode workers are told by the gateway, which has named the transfer.</summary>
    private static string? TransferOf(Exchange exchange, TokenRequest request, TokenPart part) =>
        part.LeavesRoom && exchange.Options.KvConnector == SimulatedKvConnector.Nixl
            ? VllmTransfer.Answer(request.Id, exchange.Life.KvEngineId, exchange.Options.Host, exchange.Life.BootstrapPort!.Value)
            : null;
}
