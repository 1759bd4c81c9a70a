using System.Globalization;
using Gateway.LoadBench.Servers;
using Gateway.Simulator;

namespace Gateway.LoadBench.Scale;

/// <summary>Many engines of one model, each with a port of its own, in a few processes.</summary>
internal sealed class ScaleFleet : IAsyncDisposable
{
    public const string Model = "bench-scale";

    /// <summary>Events of a stream that carry text.</summary>
    public const int Chunks = 20;

    private const int WorkersPerProcess = 1000;

    /// <summary>Of a stream's events: slow, so that many streams are open without much to do.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private readonly List<MeasuredServer> _processes = [];

    public IReadOnlyList<Uri> Urls { get; private set; } = [];

    public static async Task<ScaleFleet> StartAsync(int count)
    {
        var fleet = new ScaleFleet();
        for (var left = count; left > 0; left -= WorkersPerProcess)
            fleet._processes.Add(await MeasuredServer.StartRoleAsync("fleet", [Math.Min(left, WorkersPerProcess).ToString(CultureInfo.InvariantCulture)]));
        fleet.Urls = [.. fleet._processes.SelectMany(static process => process.Urls)];
        return fleet;
    }

    /// <summary>The engines of one process.</summary>
    public static Task<SimulatedFleet> ServeAsync(int count) => SimulatedFleet.StartAsync(count, new SimulatorOptions
    {
        Model = Model,
        Mode = SimulatorMode.Canned,
        Canned = CannedOptions.Default with { ChunkCount = Chunks, ChunkInterval = Pace },
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
    }
}
