using Gateway.Simulator.Api;
using Gateway.Simulator.Engine;
using Gateway.Wire.Common;
using Gateway.Wire.SgLang;
using Grpc.Core;

namespace Gateway.Simulator.Grpc.SgLang;

/// <summary>The service of SGLang's scheduler.</summary>
internal sealed class SgLangService : SglangScheduler.SglangSchedulerBase
{
    public override Task Generate(GenerateRequest request, IServerStreamWriter<GenerateResponse> responseStream, ServerCallContext context)
    {
        var options = context.Exchange().Options;
        var read = SgLangRequest.Read(request);
        var part = options.Role == SimulatorRole.Regular ? TokenPart.Whole : new TokenPart(options.Role, SgLangRequest.ReadRoom(request));
        return TokenAnswerDelivery.RunAsync(context, read, part, new SgLangFormat(read, options), responseStream);
    }

    public override async Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context)
    {
        var tokens = TokenRequest.Tokens(request.Tokenized?.InputIds ?? []);
        var embedding = await TokenEmbedding.ComputeAsync(context, request.RequestId, tokens, SgLangRequest.RankOf(request.DataParallelRank));
        return new EmbedResponse { Embedding = { embedding }, EmbeddingDim = (uint)embedding.Length, PromptTokens = (uint)tokens.Length };
    }

    public override Task<HealthCheckResponse> HealthCheck(HealthCheckRequest request, ServerCallContext context)
    {
        var isLoading = context.Exchange().Life.IsLoading;
        return Task.FromResult(new HealthCheckResponse { Healthy = !isLoading, Message = isLoading ? "The model is still being loaded." : "" });
    }

    public override Task<AbortResponse> Abort(AbortRequest request, ServerCallContext context)
    {
        // An empty id is what SGLang takes for "all"; asked for by mistake it would be a disaster.
        if (request.RequestId.Length == 0)
            throw ApiException.Invalid("request_id", "'request_id' must name a request.");
        var aborted = context.Exchange().Engines.AbortByIdPrefix(request.RequestId);
        return Task.FromResult(new AbortResponse { Success = aborted > 0, Message = $"{aborted} aborted" });
    }

    public override Task<GetModelInfoResponse> GetModelInfo(GetModelInfoRequest request, ServerCallContext context) =>
        Task.FromResult(SgLangFacts.Model(context.Exchange().Options));

    public override Task<GetServerInfoResponse> GetServerInfo(GetServerInfoRequest request, ServerCallContext context) =>
        Task.FromResult(SgLangFacts.Server(context.Exchange()));

    public override Task<GetLoadsResponse> GetLoads(GetLoadsRequest request, ServerCallContext context) =>
        Task.FromResult(SgLangFacts.Loads(context.Exchange(), request.HasDpRank ? request.DpRank : null));

    public override Task<FlushCacheResponse> FlushCache(FlushCacheRequest request, ServerCallContext context)
    {
        context.Exchange().Engines.FlushCache();
        return Task.FromResult(new FlushCacheResponse { Success = true, Message = "Cache flushed." });
    }

    public override Task GetTokenizer(GetTokenizerRequest request, IServerStreamWriter<GetTokenizerChunk> responseStream, ServerCallContext context) =>
        TokenizerArchive.SendAsync(context.Exchange().Options, responseStream);

    public override Task SubscribeKvEvents(
        SubscribeKvEventsRequest request, IServerStreamWriter<Wire.Common.KvEventBatch> responseStream, ServerCallContext context) =>
        KvEventFeed.SendAsync(context, request, responseStream);
}
