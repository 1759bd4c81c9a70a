using Gateway.Actors.Engines.Channels;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Engines.Wire.Health;
using Gateway.Actors.Workers;
using Grpc.Core;

namespace Gateway.Actors.Engines;

/// <summary>One probe over gRPC: first the engine's health, then what it is and serves.</summary>
/// <param name="channel">To the engine.</param>
/// <param name="known">The protocol, if it was found before.</param>
/// <param name="plan">How to probe.</param>
/// <param name="options">Of each question; makes its deadline anew.</param>
internal sealed class GrpcProbe(CallInvoker channel, IEngineProtocol? known, ProbePlan plan, Func<CallOptions> options)
{
    /// <summary>The protocol by which the engine told what it is; null if it was not asked.</summary>
    public IEngineProtocol? Protocol { get; private set; }

    public async Task<ProbeResult> RunAsync(CancellationToken cancellation)
    {
        try
        {
            // Without the standard service there is the engine's own, once it is known which engine.
            var isAsked = plan.HealthEndpoint is null;
            if (!isAsked && await AskHealthServiceAsync().ConfigureAwait(false) is { } status)
            {
                if (status != HealthCheckResponse.Types.ServingStatus.Serving)
                    return ProbeResult.Failed(ProbeOutcome.Unhealthy, $"the gRPC health service answered {status}");
                isAsked = true;
            }

            var facts = plan.Discover || !isAsked ? await DiscoverAsync().ConfigureAwait(false) : WorkerFacts.Unknown;
            if (facts is null && known is null)
                return ProbeResult.Failed(ProbeOutcome.Unhealthy, "it speaks no protocol that the gateway knows");
            // The engine that was here is gone, and with it this incarnation.
            if (facts is null)
                return ProbeResult.Failed(ProbeOutcome.Unreachable, "another engine answers here now");
            if (!isAsked && await (Protocol ?? known)!.CheckHealthAsync(channel, options()).ConfigureAwait(false) is { } complaint)
                return ProbeResult.Failed(ProbeOutcome.Unhealthy, $"the engine says that it is not well: {complaint}");
            return ProbeResult.Healthy(facts);
        }
        catch (RpcException exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Status.Detail, exception, cancellation);
        }
        catch (RpcException exception)
        {
            return exception.StatusCode switch
            {
                StatusCode.DeadlineExceeded =>
                    ProbeResult.Failed(ProbeOutcome.Silent, $"no answer within {plan.Timeout.TotalSeconds:0.###} s"),
                StatusCode.Unavailable => ProbeResult.Failed(ProbeOutcome.Unreachable, exception.Status.Detail),
                _ when EngineStatus.FaultOf(exception) == EngineFault.Unreachable =>
                    ProbeResult.Failed(ProbeOutcome.Unreachable, exception.Status.DebugException!.GetBaseException().Message),
                _ => ProbeResult.Failed(ProbeOutcome.Unhealthy, $"the engine answered {exception.StatusCode} to a probe"),
            };
        }
    }

    /// <returns>Null if the engine has no such service.</returns>
    private async Task<HealthCheckResponse.Types.ServingStatus?> AskHealthServiceAsync()
    {
        try
        {
            var answer = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), options()).ConfigureAwait(false);
            return answer.Status;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unimplemented)
        {
            return null;
        }
    }

    /// <returns>Null if it is no engine that the gateway knows, or another one than before.</returns>
    private async Task<WorkerFacts?> DiscoverAsync()
    {
        IEnumerable<IEngineProtocol> protocols = known is null ? EngineProtocols.InOrder(plan.Runtime) : [known];
        foreach (var protocol in protocols)
        {
            try
            {
                var facts = await protocol.DiscoverAsync(channel, options()).ConfigureAwait(false);
                Protocol = protocol;
                return facts;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unimplemented)
            {
                // The next one, then.
            }
        }

        return null;
    }
}
