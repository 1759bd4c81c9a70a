using System.Collections.Concurrent;
using Gateway.Wire.TensorRtLlm;
using Grpc.Core;

namespace Gateway.Actors.Tests.Support.Fakes;

/// <summary>A service that answers as TensorRT-LLM's does.</summary>
public sealed class FakeTensorRtLlm : FakeTensorRtLlmContract
{
    public ConcurrentQueue<GenerateRequest> Requests { get; } = [];

    public ConcurrentQueue<string> Aborted { get; } = [];

    public string Health { get; set; } = "OK";

    public Func<GenerateRequest, IServerStreamWriter<GenerateResponse>, ServerCallContext, Task> OnGenerate { get; set; } = static async (_, answer, _) =>
    {
        await answer.WriteAsync(new GenerateResponse { Chunk = new GenerateStreamChunk { TokenIds = { 8 }, CompletionTokens = 1, PromptTokens = 3 } });
        await answer.WriteAsync(new GenerateResponse
        {
            Complete = new GenerateComplete { OutputTokenIds = { 8, 9 }, CompletionTokens = 2, PromptTokens = 3, FinishReason = "stop", MatchedStopStr = "!" },
        });
    };

    public override Task Generate(GenerateRequest request, IServerStreamWriter<GenerateResponse> answer, ServerCallContext context)
    {
        Requests.Enqueue(request);
        return OnGenerate(request, answer, context);
    }

    public override Task<AbortResponse> Abort(AbortRequest request, ServerCallContext context)
    {
        Aborted.Enqueue(request.RequestId);
        return Task.FromResult(new AbortResponse { Success = true });
    }

    public override Task<GetModelInfoResponse> GetModelInfo(GetModelInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new GetModelInfoResponse { ModelId = "t", MaxSeqLen = 2048, MaxBatchSize = 64, VocabSize = 1000 });

    public override Task<GetServerInfoResponse> GetServerInfo(GetServerInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new GetServerInfoResponse { Version = "1.2" });

    public override Task<HealthCheckResponse> HealthCheck(HealthCheckRequest request, ServerCallContext context) =>
        Task.FromResult(new HealthCheckResponse { Status = Health });
}

/// <summary>The service's methods, which a server looks for in what derives from it.</summary>
[BindServiceMethod(typeof(FakeTensorRtLlmContract), nameof(BindService))]
public abstract class FakeTensorRtLlmContract
{
    public static void BindService(ServiceBinderBase binder, FakeTensorRtLlmContract? service)
    {
        var descriptor = TrtllmService.Descriptor;
        binder.Stream<GenerateRequest, GenerateResponse>(descriptor, nameof(Generate));
        binder.Unary<AbortRequest, AbortResponse>(descriptor, nameof(Abort));
        binder.Unary<GetModelInfoRequest, GetModelInfoResponse>(descriptor, nameof(GetModelInfo));
        binder.Unary<GetServerInfoRequest, GetServerInfoResponse>(descriptor, nameof(GetServerInfo));
        binder.Unary<HealthCheckRequest, HealthCheckResponse>(descriptor, nameof(HealthCheck));
    }

    public abstract Task Generate(GenerateRequest request, IServerStreamWriter<GenerateResponse> answer, ServerCallContext context);

    public abstract Task<AbortResponse> Abort(AbortRequest request, ServerCallContext context);

    public abstract Task<GetModelInfoResponse> GetModelInfo(GetModelInfoRequest request, ServerCallContext context);

    public abstract Task<GetServerInfoResponse> GetServerInfo(GetServerInfoRequest request, ServerCallContext context);

    public abstract Task<HealthCheckResponse> HealthCheck(HealthCheckRequest request, ServerCallContext context);
}
