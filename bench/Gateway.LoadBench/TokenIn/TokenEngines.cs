using Gateway.Simulator;

namespace Gateway.LoadBench.TokenIn;

/// <summary>
/// The same simulated engine behind HTTP or behind gRPC: of one model the tokens come at an engine's pace, for streams; of the other all at
/// once, so that many answers in one piece can be counted in little time. Reading a prompt takes either no time.
/// </summary>
internal static class TokenEngines
{
    public const string PacedModel = "bench-paced";
    public const string InstantModel = "bench-instant";

    /// <summary>Of each answer.</summary>
    public const int Tokens = 64;

    private const int WorkersPerModel = 2;

    /// <summary>100 tokens a second and stream, a fast engine.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    /// <summary>Over gRPC their answers are made-up tokens, of which any of today's vocabularies has as many.</summary>
    public static Task<SimulatedFleet> StartAsync(SimulatorProtocol protocol)
    {
        return SimulatedFleet.StartAsync(
        [
            .. Enumerable.Repeat(Options(PacedModel, Pace), WorkersPerModel),
            .. Enumerable.Repeat(Options(InstantModel, TimeSpan.Zero), WorkersPerModel),
        ]);

        SimulatorOptions Options(string model, TimeSpan pace) => new()
        {
            Model = model,
            Protocol = protocol,
            // Prompts of 256 KB at once on all connections.
            MaxModelLength = 1_000_000,
            KvCapacityTokens = 100_000_000,
            MaxRunningRequests = 1024,
            PrefillChunkTokens = 1_000_000,
            Timings = EngineTimings.Instant with { BaseInterTokenLatency = pace },
        };
    }
}
