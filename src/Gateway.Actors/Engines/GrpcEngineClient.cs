using System.Collections.Immutable;
using Gateway.Actors.Engines.Wire.Health;
using Gateway.Actors.Workers;
using Grpc.Core;
using Grpc.Net.Client;

namespace Gateway.Actors.Engines;

/// <summary>
/// The gRPC connections to one worker: a small fixed set of channels. <c>Grpc.Net.Client</c> opens another HTTP/2 connection only at
/// the server's stream limit, so that one channel to a server with a high limit means one TCP connection however busy it is.
/// </summary>
public sealed class GrpcEngineClient : EngineClient
{
    private const int ChannelCount = 4;

    /// <summary>Below the idle limits of common load balancers, which drop quiet connections silently.</summary>
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(10);

    private readonly ImmutableArray<GrpcChannel> _channels;

    public GrpcEngineClient(Uri address, TimeSpan connectTimeout) =>
        _channels = [.. Enumerable.Range(0, ChannelCount).Select(_ => Open(address, connectTimeout))];

    public override ConnectionMode Mode => ConnectionMode.Grpc;

    public override async Task<ProbeResult> ProbeAsync(ProbePlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        try
        {
            var health = new Health.HealthClient(_channels[0]);
            var options = new CallOptions(Metadata(plan), DateTime.UtcNow + plan.Timeout, cancellation);
            var answer = await health.CheckAsync(new HealthCheckRequest(), options).ConfigureAwait(false);
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? ProbeResult.Healthy(new WorkerFacts { Mode = ConnectionMode.Grpc })
                : ProbeResult.Failed(ProbeOutcome.Unhealthy, $"the gRPC health service answered {answer.Status}");
        }
        catch (RpcException exception) when (!cancellation.IsCancellationRequested)
        {
            return exception.StatusCode switch
            {
                StatusCode.DeadlineExceeded =>
                    ProbeResult.Failed(ProbeOutcome.Silent, $"no answer within {plan.Timeout.TotalSeconds:0.###} s"),
                StatusCode.Unavailable => ProbeResult.Failed(ProbeOutcome.Unreachable, exception.Status.Detail),
                _ => ProbeResult.Failed(ProbeOutcome.Unhealthy, $"the gRPC health service answered {exception.StatusCode}"),
            };
        }
        catch (RpcException exception)
        {
            throw new OperationCanceledException(exception.Status.Detail, exception, cancellation);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var channel in _channels)
            channel.Dispose();
    }

    private static Metadata Metadata(ProbePlan plan) =>
        plan.ApiKey is { } key ? new Metadata { { "authorization", $"Bearer {key.Reveal()}" } } : [];

    private static GrpcChannel Open(Uri address, TimeSpan connectTimeout) => GrpcChannel.ForAddress(
        address,
        new GrpcChannelOptions
        {
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
            HttpHandler = new SocketsHttpHandler
            {
                UseProxy = false,
                ConnectTimeout = connectTimeout,
                EnableMultipleHttp2Connections = true,
                KeepAlivePingDelay = KeepAliveInterval,
                KeepAlivePingTimeout = KeepAliveTimeout,
                KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            },
        });
}
