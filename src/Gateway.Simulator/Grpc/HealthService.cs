using Gateway.Actors.Engines.Wire.Health;
using Gateway.Simulator.Hosting;
using Grpc.Core;
using ServingStatus = Gateway.Actors.Engines.Wire.Health.HealthCheckResponse.Types.ServingStatus;

namespace Gateway.Simulator.Grpc;

/// <summary>gRPC's standard health service: for the server as a whole, and for the engine's service.</summary>
internal sealed class HealthService : Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var life = context.Exchange().Life;
        return Task.FromResult(new HealthCheckResponse
        {
            Status = IsKnown(request.Service, life.Options.Runtime)
                ? StatusOf(life)
                : throw new RpcException(new Status(StatusCode.NotFound, $"There is no service '{request.Service}'.")),
        });
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        var life = context.Exchange().Life;
        var isKnown = IsKnown(request.Service, life.Options.Runtime);
        if (isKnown && life.LoadingLeft is { } left)
        {
            await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing });
            await Task.Delay(left, life.Options.TimeProvider, context.CancellationToken);
        }

        await responseStream.WriteAsync(new HealthCheckResponse { Status = isKnown ? ServingStatus.Serving : ServingStatus.ServiceUnknown });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, life.Stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.CancellationToken.ThrowIfCancellationRequested();
        if (isKnown)
            await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing });
    }

    private static ServingStatus StatusOf(WorkerLife life) => life.IsLoading || life.Stopping.IsCancellationRequested ? ServingStatus.NotServing : ServingStatus.Serving;

    private static bool IsKnown(string service, SimulatedRuntime runtime) => service.Length == 0 || service == NameOf(runtime);

    private static string NameOf(SimulatedRuntime runtime) =>
        runtime == SimulatedRuntime.Vllm ? Wire.Vllm.VllmEngine.Descriptor.FullName : Wire.SgLang.SglangScheduler.Descriptor.FullName;
}
