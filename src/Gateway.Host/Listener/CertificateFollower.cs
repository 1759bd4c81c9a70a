namespace Gateway.Host.Listener;

/// <summary>
/// Looks at the listener's files from time to time. Notifications of file systems are not to be relied on for what is mounted or
/// replaced through a link, as Kubernetes does with secrets.
/// </summary>
internal sealed class CertificateFollower(ListenerCertificates certificates, TimeProvider time) : BackgroundService
{
    /// <summary>Three small files are read each time.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                certificates.Look();
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }
}
