using System.Collections.Concurrent;
using Gateway.Wire.Vllm;
using Grpc.Core;

namespace Gateway.Actors.Tests.Support.Fakes;

/// <summary>A service that answers as vLLM's engine does: each delta in a chunk, and the last one again at the end.</summary>
public sealed class FakeVllm : FakeVllmContract
{
    public ConcurrentQueue<GenerateRequest> Requests { get; } = [];

    public ConcurrentQueue<string> Aborted { get; } = [];

    public GetModelInfoResponse Model { get; } = new()
    {
        ModelPath = "/models/qwen",
        IsGeneration = true,
        MaxContextLength = 8192,
        VocabSize = 150000,
        TokenizerPath = "/models/qwen",
        ModelType = "qwen3",
        Architectures = { "Qwen3ForCausalLM" },
        EosTokenIds = { 7 },
    };

    public GetServerInfoResponse Server { get; } = new()
    {
        ServerType = "vllm-grpc",
        KvConnector = "NixlConnector",
        KvRole = "kv_both",
        KvEngineId = "e1",
        DataParallelSize = 1,
    };

    public GetLoadsResponse Loads { get; } = new();

    public Func<GenerateRequest, IServerStreamWriter<GenerateResponse>, ServerCallContext, Task> OnGenerate { get; set; } = static async (_, answer, _) =>
    {
        await answer.WriteAsync(new GenerateResponse { Chunk = new GenerateStreamChunk { TokenIds = { 5, 6 }, CompletionTokens = 2, PromptTokens = 3 } });
        await answer.WriteAsync(new GenerateResponse { Chunk = new GenerateStreamChunk { TokenIds = { 7 }, CompletionTokens = 1, PromptTokens = 3 } });
        await answer.WriteAsync(new GenerateResponse
        {
            Complete = new GenerateComplete { OutputIds = { 7 }, CompletionTokens = 1, PromptTokens = 3, FinishReason = "length", KvTransferParamsJson = "{}" },
        });
    };

    public override Task Generate(GenerateRequest request, IServerStreamWriter<GenerateResponse> answer, ServerCallContext context)
    {
        Requests.Enqueue(request);
        return OnGenerate(request, answer, context);
    }

    public override Task<AbortResponse> Abort(AbortRequest request, ServerCallContext context)
    {
        foreach (var id in request.RequestIds)
            Aborted.Enqueue(id);
        return Task.FromResult(new AbortResponse());
    }

    public override Task<GetModelInfoResponse> GetModelInfo(GetModelInfoRequest request, ServerCallContext context) => Task.FromResult(Model);

    public override Task<GetServerInfoResponse> GetServerInfo(GetServerInfoRequest request, ServerCallContext context) => Task.FromResult(Server);

    public override Task<GetLoadsResponse> GetLoads(GetLoadsRequest request, ServerCallContext context) => Task.FromResult(Loads);

    public override Task<HealthCheckResponse> HealthCheck(HealthCheckRequest request, ServerCallContext context) =>
        Task.FromResult(new HealthCheckResponse { Healthy = true });
}

/// <summary>The service's methods, which a server looks for in what derives from it.</summary>
[BindServiceMethod(typeof(FakeVllmContract), nameof(BindService))]
public abstract class FakeVllmContract
{
    public static void BindService(ServiceBinderBase binder, FakeVllmContract? service)
    {
        var descriptor = VllmEngine.Descriptor;
        binder.Stream<GenerateRequest, GenerateResponse>(descriptor, nameof(Generate));
        binder.Unary<AbortRequest, AbortResponse>(descriptor, nameof(Abort));
        binder.Unary<GetModelInfoRequest, GetModelInfoResponse>(descriptor, nameof(GetModelInfo));
        binder.Unary<GetServerInfoRequest, GetServerInfoResponse>(descriptor, nameof(GetServerInfo));
        binder.Unary<GetLoadsRequest, GetLoadsResponse>(descriptor, nameof(GetLoads));
        binder.Unary<HealthCheckRequest, HealthCheckResponse>(descriptor, nameof(HealthCheck));
    }

    public abstract Task Generate(GenerateRequest request, IServerStreamWriter<GenerateResponse> answer, ServerCallContext context);

    public abstract Task<AbortResponse> Abort(AbortRequest request, ServerCallContext context);

    public abstract Task<GetModelInfoResponse> GetModelInfo(GetModelInfoRequest request, ServerCallContext context);

    public abstract Task<GetServerInfoResponse> GetServerInfo(GetServerInfoRequest request, ServerCallContext context);

    public abstract Task<GetLoadsResponse> GetLoads(GetLoadsRequest request, ServerCallContext context);

    public abstract Task<HealthCheckResponse> HealthCheck(HealthCheckRequest request, ServerCallContext context);
}
