using Akka.Hosting;
using Gateway.Actors.Cluster;
using Gateway.Actors.Registrations;
using Gateway.Host.Configuration;

namespace Gateway.Host.Cluster;

/// <summary>
/// Keeps this gateway in the cluster. A membership that has ended, because the gateway was cut off from the greater part, is followed by a
/// new one; the gateway serves all the while.
/// </summary>
internal sealed partial class ClusterService(
    GatewayOptions options,
    IRequiredActor<RegistrationKeeperActor> keeper,
    IEnumerable<IPeerTopic> topics,
    ClusterView view,
    ILoggerFactory loggers,
    ILogger<ClusterService> log)
    : BackgroundService
{
    /// <summary>Before the next membership, also if one fails at its start.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IPeerTopic[] _topics = [.. topics];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var registrations = await keeper.GetAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                using var node = ClusterNode.Create(options, loggers, registrations, _topics, view);
                await RunAsync(node, stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogFailed(failure.GetBaseException().Message);
            }

            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(IHost node, CancellationToken stopping)
    {
        try
        {
            await node.StartAsync(stopping);
            var ended = node.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ended, stopping);
            await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stopping.IsCancellationRequested)
                LogCutOff();
        }
        finally
        {
            await node.StopAsync(CancellationToken.None);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The membership in the cluster has ended; serving on alone and joining anew")]
    private partial void LogCutOff();

    [LoggerMessage(2, LogLevel.Error, "The cluster cannot be joined, trying again: {Reason}")]
    private partial void LogFailed(string reason);
}
