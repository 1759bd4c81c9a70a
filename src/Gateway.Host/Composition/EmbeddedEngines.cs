using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Simulator;

namespace Gateway.Host.Composition;

/// <summary>
/// The simulated engines inside the gateway's process, for trying it out. They listen on loopback ports and are spoken to as any other
/// worker. They start before the actor system, which registers them, and stop after it.
/// </summary>
internal sealed partial class EmbeddedEngines(FleetOptions options, ILogger<EmbeddedEngines> log) : IHostedService, IAsyncDisposable
{
    private SimulatedFleet? _fleet;

    /// <summary>Empty before the start, and if none were asked for.</summary>
    public EquatableArray<WorkerUrl> Urls { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.SimulatedWorkers <= 0)
            return;
        _fleet = await SimulatedFleet.StartAsync(options.SimulatedWorkers, new SimulatorOptions(), cancellationToken);
        Urls = [.. _fleet.Urls.Select(static url => WorkerUrl.Parse(url.GetLeftPart(UriPartial.Authority)))];
        foreach (var worker in _fleet.Workers)
            LogStarted(worker.Name, worker.Options.Model, worker.Url);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_fleet is not null)
            await _fleet.DisposeAsync();
    }

    [LoggerMessage(1, LogLevel.Information, "Simulated engine {Name} (no model runs in it) serves {Model} at {Url}")]
    private partial void LogStarted(string name, string model, Uri url);
}
