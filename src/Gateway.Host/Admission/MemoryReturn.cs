using Gateway.Host.Listener;

namespace Gateway.Host.Admission;

/// <summary>
/// Gives the memory of a peak back to the machine when the peak is over. By itself .NET keeps it for as long as nobody asks for more: it looks
/// for what is no longer used when something new needs room, and a gateway without requests needs none. The price is one pause, a tenth of
/// a second for some hundred megabytes, at a time when next to nobody waits.
/// </summary>
internal sealed class MemoryReturn(AdmissionGate gate, BlockPools blocks, TimeProvider time) : BackgroundService
{
    /// <summary>Two of these after its end a peak is over; those that are shorter may go unseen, and leave little.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>Load that comes and goes in bursts is not to have a pause after each.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watch = new PeakWatch();
        using var timer = new PeriodicTimer(LookInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (!watch.IsOver(gate.InFlight))
                    continue;
                blocks.Trim();
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                await Task.Delay(Rest, time, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }
}
