using Gateway.Actors.Registry;
using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>
/// Keeps the limits of the gateway and of each model in step with the fleet, and lets those in who have room by that. So a worker that
/// joins is put to use by requests that wait already, and one that goes takes its places along.
/// </summary>
internal sealed class CapacityFollower(
    RegistryView view, ICapacitySource capacity, ModelLimits models, AdmissionQueue queue, GatewayOptions options, TimeProvider time)
    : BackgroundService
{
    /// <summary>The end of a request on a worker that takes no more changes no snapshot.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var fleet = view.Current;
            var leaving = LeavingLoads.In(fleet);
            models.Adapt(fleet, leaving);
            queue.Adapt(ConcurrencyLimit.Least(options.Limits.MaxConcurrentRequests, capacity.CapacityOf(fleet) + leaving.Total));
            var next = view.NextAfter(fleet).WaitAsync(stoppingToken);
            await (leaving.Total == 0 ? next : await Task.WhenAny(next, Task.Delay(LookAgain, time, stoppingToken)));
        }
    }
}
