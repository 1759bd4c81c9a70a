using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>
/// Connects to real engines. An address without a scheme is probed over HTTP and gRPC at the same time; HTTP wins if both answer.
/// All probes, those of its clients too, share one bound.
/// </summary>
/// <param name="dialing">How connections are made.</param>
/// <param name="maxConcurrentProbes">Probes under way at once.</param>
public sealed class EngineConnector(EngineDialing dialing, int maxConcurrentProbes) : IEngineConnector
{
    private readonly ProbeGate _gate = new(maxConcurrentProbes);

    public Task<EngineConnection> ConnectAsync(WorkerUrl url, ProbePlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(plan);
        var (way, address) = (plan.IsGuarded ? dialing : dialing.Anywhere).To(url.Address, plan.ServerName);
        return _gate.EnterAsync(
            token => url.Mode switch
            {
                ConnectionMode.Http => TryAsync(new HttpEngineClient(address, way), plan, token),
                ConnectionMode.Grpc => TryAsync(new GrpcEngineClient(address, way), plan, token),
                _ => DetectAsync(address, way, plan, token),
            },
            cancellation);
    }

    public Task<ProbeResult> ProbeAsync(EngineClient client, ProbePlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        return _gate.EnterAsync(token => client.ProbeAsync(plan, token), cancellation);
    }

    public Task<EngineLoadReport> ReadLoadAsync(EngineClient client, LoadPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        return _gate.EnterAsync(token => client.ReadLoadAsync(plan, token), cancellation);
    }

    private static async Task<EngineConnection> DetectAsync(Uri address, EngineDialing way, ProbePlan plan, CancellationToken cancellation)
    {
        var overGrpc = TryAsync(new GrpcEngineClient(address, way), plan, cancellation);
        var http = await TryAsync(new HttpEngineClient(address, way), plan, cancellation).ConfigureAwait(false);
        var grpc = await overGrpc.ConfigureAwait(false);
        if (http.Client is not null)
        {
            grpc.Client?.Dispose();
            return http;
        }

        if (grpc.Client is not null)
            return grpc;
        // An engine that answers badly in one protocol says more than the silence in the other.
        return http.Result.Outcome <= grpc.Result.Outcome ? http : grpc;
    }

    private static async Task<EngineConnection> TryAsync(EngineClient client, ProbePlan plan, CancellationToken cancellation)
    {
        var isKept = false;
        try
        {
            var result = await client.ProbeAsync(plan, cancellation).ConfigureAwait(false);
            isKept = result.Outcome == ProbeOutcome.Healthy;
            return new EngineConnection(isKept ? client : null, result);
        }
        finally
        {
            if (!isKept)
                client.Dispose();
        }
    }
}
