using Gateway.Simulator;

namespace Gateway.LoadBench.Servers;

/// <summary>
/// The engines behind all arms: two that pace their streams as an engine does, two that send a stream back to back. They answer
/// rendered bytes and compute nothing.
/// </summary>
internal static class CannedWorkers
{
    public const string PacedModel = "bench-paced";
    public const string BurstModel = "bench-burst";
    public const int PacedChunks = 64;
    public const int BurstChunks = 256;
    private const int WorkersPerModel = 2;

    /// <summary>Of the streams' events: 100 tokens a second and stream, a fast engine.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    public static Task<SimulatedFleet> StartAsync() => SimulatedFleet.StartAsync(
    [
        .. Enumerable.Repeat(Options(PacedModel, PacedChunks, Pace), WorkersPerModel),
        .. Enumerable.Repeat(Options(BurstModel, BurstChunks, TimeSpan.Zero), WorkersPerModel),
    ]);

    private static SimulatorOptions Options(string model, int chunks, TimeSpan pace) => new()
    {
        Model = model,
        Mode = SimulatorMode.Canned,
        Canned = CannedOptions.Default with { ChunkCount = chunks, ChunkInterval = pace },
    };
}
