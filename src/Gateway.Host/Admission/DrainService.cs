using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>
/// Holds the host's shutdown until the running requests have ended or the grace is over. The listener stays open meanwhile,
/// so that load balancers see the readiness turn and late clients are told to come back later. If load balancers need time for that, new
/// requests are served for so long, each on a connection that is closed after it.
/// </summary>
internal sealed partial class DrainService(
    AdmissionGate gate, GatewayOptions options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DrainService> log)
    : IHostedLifecycleService
{
    /// <summary>For what is still running after the grace: long enough to send an error event to each.</summary>
    public static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(static gate => ((AdmissionGate)gate!).Announce(), gate);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (options.Timeouts.ShutdownDelay > TimeSpan.Zero)
        {
            LogLeaving(options.Timeouts.ShutdownDelay);
            await Task.Delay(options.Timeouts.ShutdownDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var idle = gate.BeginDrain();
        LogDraining(gate.InFlight, options.Timeouts.ShutdownGrace);
        if (await EndsWithin(idle, options.Timeouts.ShutdownGrace, cancellationToken))
            return;
        LogGraceOver(gate.InFlight);
        await gate.EndGraceAsync();
        await EndsWithin(idle, LastWords, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> EndsWithin(Task idle, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await idle.WaitAsync(limit, time, cancellation);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(3, LogLevel.Information, "Told to stop: new requests are served for {Delay}, until load balancers have noticed")]
    private partial void LogLeaving(TimeSpan delay);

    [LoggerMessage(1, LogLevel.Information, "Shutting down: {Running} requests may go on for {Grace}")]
    private partial void LogDraining(int running, TimeSpan grace);

    [LoggerMessage(2, LogLevel.Warning, "The grace is over: {Running} requests are ended")]
    private partial void LogGraceOver(int running);
}
