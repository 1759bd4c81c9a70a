using Gateway.LoadBench.Servers;

namespace Gateway.LoadBench.Run;

/// <summary>How the requests came.</summary>
internal enum LoadKind
{
    /// <summary>As fast as so many connections could.</summary>
    ClosedLoop,

    /// <summary>At a fixed moderate rate.</summary>
    FixedRate,
}

/// <param name="Arm">Through what.</param>
/// <param name="Workload">What was asked.</param>
/// <param name="Chunks">Events with text in each answer.</param>
/// <param name="Kind">How.</param>
/// <param name="Round">In which round.</param>
/// <param name="Complete">Answers that were right to the last byte.</param>
/// <param name="Failed">All other requests.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="CpuMicroseconds">CPU time of the server in between for each request.</param>
/// <param name="Bytes">Allocated by it for each request; null if it has no managed heap.</param>
/// <param name="Latency">Whole latency for answers in one piece, time to the first byte for streams.</param>
/// <param name="Gaps">Between two events of a stream; NaN unless it was taken.</param>
/// <param name="LostEvents">Events of streams that should have come and did not.</param>
/// <param name="Resident">Memory that the server in between had meanwhile.</param>
internal sealed record Measurement(
    string Arm,
    string Workload,
    int Chunks,
    LoadKind Kind,
    int Round,
    int Complete,
    int Failed,
    double Seconds,
    double CpuMicroseconds,
    double? Bytes,
    Percentiles Latency,
    Percentiles Gaps,
    long LostEvents,
    Resident Resident)
{
    /// <summary>Right answers.</summary>
    public double PerSecond => Complete / Seconds;

    public double KilobytesOrNaN => Bytes / 1024 ?? double.NaN;
}

/// <summary>In microseconds.</summary>
internal readonly record struct Percentiles(double P50, double P90, double P99);
