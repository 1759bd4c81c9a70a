namespace Gateway.Host.Observability.Metrics;

/// <summary>Upper bounds of histograms. Those of generative AI are the ones that OpenTelemetry's conventions recommend.</summary>
internal static class Buckets
{
    /// <summary>Seconds of a whole generation.</summary>
    public static IReadOnlyList<double> Generation { get; } =
        [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68, 655.36, 1310.72];

    /// <summary>Seconds to the first token.</summary>
    public static IReadOnlyList<double> FirstToken { get; } =
        [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60];

    /// <summary>Seconds between two tokens.</summary>
    public static IReadOnlyList<double> Token { get; } =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];

    public static IReadOnlyList<long> TokenCount { get; } =
        [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];

    /// <summary>Seconds of the gateway's own work.</summary>
    public static IReadOnlyList<double> Overhead { get; } =
        [0.00005, 0.0001, 0.0002, 0.0004, 0.0008, 0.0016, 0.0032, 0.0064, 0.0128, 0.0256, 0.0512, 0.1, 0.25, 1];

    /// <summary>Seconds in the queue.</summary>
    public static IReadOnlyList<double> Queue { get; } = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120];
}
