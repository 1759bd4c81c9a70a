using System.Collections.Concurrent;
using Gateway.Wire.Common;
using Gateway.Wire.SgLang;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Gateway.Actors.Tests.Support.Fakes;

/// <summary>A service that answers as SGLang's scheduler does, with what the test says.</summary>
public sealed class FakeSgLang : FakeSgLangContract
{
    public ConcurrentQueue<GenerateRequest> Requests { get; } = [];

    /// <summary>What is known of each call to generate; the server forgets it with the call.</summary>
    public ConcurrentQueue<(string Connection, Metadata Headers, DateTime Deadline)> Calls { get; } = [];

    public ConcurrentQueue<EmbedRequest> Embeddings { get; } = [];

    public ConcurrentQueue<string> Aborted { get; } = [];

    public ConcurrentQueue<ulong> Subscriptions { get; } = [];

    public GetModelInfoResponse Model { get; } = new()
    {
        ModelPath = "/models/llama",
        TokenizerPath = "/models/llama",
        IsGeneration = true,
        ServedModelName = "m",
        MaxContextLength = 4096,
        VocabSize = 32000,
        ModelType = "llama",
        EosTokenIds = { 2, 3 },
        Architectures = { "LlamaForCausalLM" },
        DefaultSamplingParamsJson = """{"temperature":0.6,"top_k":20,"top_p":0.95}""",
    };

    public GetServerInfoResponse Server { get; } = new()
    {
        SglangVersion = "0.5.6",
        ServerArgs = new Struct { Fields = { ["dp_size"] = Value.ForNumber(2), ["max_running_requests"] = Value.ForNumber(100) } },
    };

    public GetLoadsResponse Loads { get; } = new();

    public bool IsWell { get; set; } = true;

    /// <summary>How it generates; unless said otherwise, two tokens and the end.</summary>
    public Func<GenerateRequest, IServerStreamWriter<GenerateResponse>, ServerCallContext, Task> OnGenerate { get; set; } = static async (_, answer, _) =>
    {
        await answer.WriteAsync(Chunk(0, 1, 11));
        await answer.WriteAsync(Chunk(0, 2, 12));
        await answer.WriteAsync(Complete(0, 2, 11, 12));
    };

    /// <summary>How it embeds; unless said otherwise, two numbers.</summary>
    public Func<EmbedRequest, ServerCallContext, Task<EmbedResponse>> OnEmbed { get; set; } = static (request, _) =>
        Task.FromResult(new EmbedResponse { Embedding = { 0.5f, -1f }, EmbeddingDim = 2, PromptTokens = (uint)request.Tokenized.InputIds.Count });

    public Func<IServerStreamWriter<GetTokenizerChunk>, Task> OnGetTokenizer { get; set; } = static _ =>
        throw new RpcException(new Status(StatusCode.FailedPrecondition, "no tokenizer"));

    public Func<IServerStreamWriter<KvEventBatch>, ServerCallContext, Task> OnSubscribe { get; set; } = static (_, _) =>
        throw new RpcException(new Status(StatusCode.Unimplemented, "no events"));

    public Func<FlushCacheResponse> OnFlush { get; set; } = static () => new FlushCacheResponse { Success = true, Message = "flushed" };

    /// <summary>An engine without it, unless said otherwise.</summary>
    public Func<StartProfileRequest, ProfileResponse> OnStartProfile { get; set; } = static _ =>
        throw new RpcException(new Status(StatusCode.Unimplemented, "no profiles"));

    public ConcurrentQueue<LoadLoRAAdapterRequest> LoadedAdapters { get; } = [];

    public ConcurrentQueue<UnloadLoRAAdapterRequest> UnloadedAdapters { get; } = [];

    public static GenerateResponse Chunk(uint index, uint sum, params uint[] tokens) => new()
    {
        Chunk = new GenerateStreamChunk { Index = index, TokenIds = { tokens }, PromptTokens = 3, CompletionTokens = sum, CachedTokens = 1 },
    };

    public static GenerateResponse Complete(uint index, uint sum, params uint[] tokens) => new()
    {
        Complete = new GenerateComplete
        {
            Index = index,
            OutputIds = { tokens },
            PromptTokens = 3,
            CompletionTokens = sum,
            CachedTokens = 1,
            FinishReason = "stop",
            MatchedTokenId = 2,
        },
    };

    public override Task Generate(GenerateRequest request, IServerStreamWriter<GenerateResponse> answer, ServerCallContext context)
    {
        Requests.Enqueue(request);
        Calls.Enqueue((context.GetHttpContext().Connection.Id, context.RequestHeaders, context.Deadline));
        return OnGenerate(request, answer, context);
    }

    public override Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context)
    {
        Embeddings.Enqueue(request);
        return OnEmbed(request, context);
    }

    public override Task<HealthCheckResponse> HealthCheck(HealthCheckRequest request, ServerCallContext context) =>
        Task.FromResult(new HealthCheckResponse { Healthy = IsWell, Message = IsWell ? "" : "loading" });

    public override Task<AbortResponse> Abort(AbortRequest request, ServerCallContext context)
    {
        Aborted.Enqueue(request.RequestId);
        return Task.FromResult(new AbortResponse { Success = true });
    }

    public override Task<GetModelInfoResponse> GetModelInfo(GetModelInfoRequest request, ServerCallContext context) => Task.FromResult(Model);

    public override Task<GetServerInfoResponse> GetServerInfo(GetServerInfoRequest request, ServerCallContext context) => Task.FromResult(Server);

    public override Task<GetLoadsResponse> GetLoads(GetLoadsRequest request, ServerCallContext context) => Task.FromResult(Loads);

    public override Task<FlushCacheResponse> FlushCache(FlushCacheRequest request, ServerCallContext context) => Task.FromResult(OnFlush());

    public override Task<ProfileResponse> StartProfile(StartProfileRequest request, ServerCallContext context) => Task.FromResult(OnStartProfile(request));

    public override Task<ProfileResponse> StopProfile(StopProfileRequest request, ServerCallContext context) =>
        Task.FromResult(new ProfileResponse { Success = false, Message = "no profile is running" });

    public override Task<LoadLoRAAdapterResponse> LoadLoRAAdapter(LoadLoRAAdapterRequest request, ServerCallContext context)
    {
        LoadedAdapters.Enqueue(request);
        return Task.FromResult(new LoadLoRAAdapterResponse { Success = true, LoadedLoraIds = { "1" } });
    }

    public override Task<UnloadLoRAAdapterResponse> UnloadLoRAAdapter(UnloadLoRAAdapterRequest request, ServerCallContext context)
    {
        UnloadedAdapters.Enqueue(request);
        return Task.FromResult(new UnloadLoRAAdapterResponse { Success = true });
    }

    public override Task<ListLoadedLoRAAdaptersResponse> ListLoadedLoRAAdapters(ListLoadedLoRAAdaptersRequest request, ServerCallContext context) => Task.FromResult(
        new ListLoadedLoRAAdaptersResponse { LoadedAdapters = { new LoadedLoRAAdapter { LoraName = "a", LoraPath = "/a", LoraId = "1", Pinned = true } } });

    public override Task GetTokenizer(GetTokenizerRequest request, IServerStreamWriter<GetTokenizerChunk> answer, ServerCallContext context) => OnGetTokenizer(answer);

    public override Task SubscribeKvEvents(SubscribeKvEventsRequest request, IServerStreamWriter<KvEventBatch> answer, ServerCallContext context)
    {
        Subscriptions.Enqueue(request.StartSequenceNumber);
        return OnSubscribe(answer, context);
    }
}

/// <summary>The service's methods, which a server looks for in what derives from it.</summary>
[BindServiceMethod(typeof(FakeSgLangContract), nameof(BindService))]
public abstract class FakeSgLangContract
{
    public static void BindService(ServiceBinderBase binder, FakeSgLangContract? service)
    {
        var descriptor = SglangScheduler.Descriptor;
        binder.Stream<GenerateRequest, GenerateResponse>(descriptor, nameof(Generate));
        binder.Unary<EmbedRequest, EmbedResponse>(descriptor, nameof(Embed));
        binder.Unary<HealthCheckRequest, HealthCheckResponse>(descriptor, nameof(HealthCheck));
        binder.Unary<AbortRequest, AbortResponse>(descriptor, nameof(Abort));
        binder.Unary<GetModelInfoRequest, GetModelInfoResponse>(descriptor, nameof(GetModelInfo));
        binder.Unary<GetServerInfoRequest, GetServerInfoResponse>(descriptor, nameof(GetServerInfo));
        binder.Unary<GetLoadsRequest, GetLoadsResponse>(descriptor, nameof(GetLoads));
        binder.Unary<FlushCacheRequest, FlushCacheResponse>(descriptor, nameof(FlushCache));
        binder.Unary<StartProfileRequest, ProfileResponse>(descriptor, nameof(StartProfile));
        binder.Unary<StopProfileRequest, ProfileResponse>(descriptor, nameof(StopProfile));
        binder.Unary<LoadLoRAAdapterRequest, LoadLoRAAdapterResponse>(descriptor, nameof(LoadLoRAAdapter));
        binder.Unary<UnloadLoRAAdapterRequest, UnloadLoRAAdapterResponse>(descriptor, nameof(UnloadLoRAAdapter));
        binder.Unary<ListLoadedLoRAAdaptersRequest, ListLoadedLoRAAdaptersResponse>(descriptor, nameof(ListLoadedLoRAAdapters));
        binder.Stream<GetTokenizerRequest, GetTokenizerChunk>(descriptor, nameof(GetTokenizer));
        binder.Stream<SubscribeKvEventsRequest, KvEventBatch>(descriptor, nameof(SubscribeKvEvents));
    }

    public abstract Task Generate(GenerateRequest request, IServerStreamWriter<GenerateResponse> answer, ServerCallContext context);

    public abstract Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context);

    public abstract Task<HealthCheckResponse> HealthCheck(HealthCheckRequest request, ServerCallContext context);

    public abstract Task<AbortResponse> Abort(AbortRequest request, ServerCallContext context);

    public abstract Task<GetModelInfoResponse> GetModelInfo(GetModelInfoRequest request, ServerCallContext context);

    public abstract Task<GetServerInfoResponse> GetServerInfo(GetServerInfoRequest request, ServerCallContext context);

    public abstract Task<GetLoadsResponse> GetLoads(GetLoadsRequest request, ServerCallContext context);

    public abstract Task<FlushCacheResponse> FlushCache(FlushCacheRequest request, ServerCallContext context);

    public abstract Task<ProfileResponse> StartProfile(StartProfileRequest request, ServerCallContext context);

    public abstract Task<ProfileResponse> StopProfile(StopProfileRequest request, ServerCallContext context);

    public abstract Task<LoadLoRAAdapterResponse> LoadLoRAAdapter(LoadLoRAAdapterRequest request, ServerCallContext context);

    public abstract Task<UnloadLoRAAdapterResponse> UnloadLoRAAdapter(UnloadLoRAAdapterRequest request, ServerCallContext context);

    public abstract Task<ListLoadedLoRAAdaptersResponse> ListLoadedLoRAAdapters(ListLoadedLoRAAdaptersRequest request, ServerCallContext context);

    public abstract Task GetTokenizer(GetTokenizerRequest request, IServerStreamWriter<GetTokenizerChunk> answer, ServerCallContext context);

    public abstract Task SubscribeKvEvents(SubscribeKvEventsRequest request, IServerStreamWriter<KvEventBatch> answer, ServerCallContext context);
}
