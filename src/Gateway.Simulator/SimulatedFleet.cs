using Gateway.Simulator.Hosting;

namespace Gateway.Simulator;

/// <summary>Many workers behind one HTTP server: an idle one costs a socket and a few kilobytes, no thread and no timer.</summary>
public sealed class SimulatedFleet : IAsyncDisposable
{
    private readonly WorkerServer _server;

    private SimulatedFleet(WorkerServer server, IReadOnlyList<SimulatedWorker> workers)
    {
        _server = server;
        Workers = workers;
    }

    public IReadOnlyList<SimulatedWorker> Workers { get; }

    public IEnumerable<Uri> Urls => Workers.Select(static worker => worker.Url);

    /// <summary>Starts workers that differ in name, seed and port.</summary>
    /// <param name="options">With a port, the workers take the ports from it on; with 0, free ones. So with the bootstrap port.</param>
    public static Task<SimulatedFleet> StartAsync(int count, SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var shared = options ?? new SimulatorOptions();
        return StartAsync(
            Enumerable.Range(0, count).Select(i => shared with
            {
                Name = $"{shared.Name}-{i}",
                Seed = shared.Seed + i,
                Port = shared.Port == 0 ? 0 : shared.Port + i,
                BootstrapPort = shared.BootstrapPort == 0 ? 0 : shared.BootstrapPort + i,
            }),
            cancellationToken);
    }

    /// <summary>Starts one worker for each of the options.</summary>
    public static async Task<SimulatedFleet> StartAsync(IEnumerable<SimulatorOptions> options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var server = await WorkerServer.StartAsync(cancellationToken);
        var workers = new List<SimulatedWorker>();
        var fleet = new SimulatedFleet(server, workers);
        try
        {
            foreach (var each in options)
                workers.Add(SimulatedWorker.Start(each, server, ownsServer: false));
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening, lets the requests end until the token is cancelled, then ends what is left.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(Workers.Select(worker => worker.StopAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in Workers)
            await worker.DisposeAsync();
        await _server.DisposeAsync();
    }
}
