using Gateway.LoadBench.Charts;
using Gateway.LoadBench.Run;

namespace Gateway.LoadBench.Peers;

/// <summary>Which figures are drawn.</summary>
internal sealed class PeersCharts(Figures figures, IReadOnlyList<Contestant> contestants, LoadBenchOptions options)
{
    public const string Requests = "peers-requests.svg";
    public const string Cpu = "peers-cpu.svg";
    public const string Latency = "peers-latency.svg";
    public const string Streams = "peers-streams.svg";
    public const string Memory = "peers-memory.svg";

    /// <summary>Those of which there are figures.</summary>
    public IReadOnlyList<(string File, string Title, IReadOnlyList<Panel> Panels)> All()
    {
        (string File, string Title, IReadOnlyList<Panel> Panels)[] all =
        [
            (Requests, $"Requests/s, {options.Connections} connections", Whole(
                LoadKind.ClosedLoop, "N0", "", isDirectToo: true, (arm, name) => figures.Of(arm, name, LoadKind.ClosedLoop, static m => m.PerSecond))),
            (Cpu, $"CPU time of the server for a request, {options.Connections} connections", Whole(
                LoadKind.ClosedLoop, "0.000", ", ms", isDirectToo: false, (arm, name) => figures.Of(arm, name, LoadKind.ClosedLoop, static m => m.CpuMicroseconds).Times(0.001))),
            (Latency, $"Latency added to going direct, {options.Rate} requests/s", [
                .. Whole(LoadKind.FixedRate, "0.00", ", p50, ms", isDirectToo: false, (arm, name) => figures.Added(arm, name, LoadKind.FixedRate, static m => m.Latency.P50)),
                .. Whole(LoadKind.FixedRate, "0.00", ", p99, ms", isDirectToo: false, (arm, name) => figures.Added(arm, name, LoadKind.FixedRate, static m => m.Latency.P99))]),
            (Streams, $"Streams of chunks 10 ms apart, {options.StreamRate} streams/s", [.. figures.Workloads(LoadKind.FixedRate, isStream: true).SelectMany(OfStreams)]),
            (Memory, "Memory under load", MemoryPanels()),
        ];
        return [.. all.Where(static chart => chart.Panels.Count > 0)];
    }

    private List<Panel> Whole(LoadKind kind, string format, string unit, bool isDirectToo, Func<string, string, Spread> figure) =>
        [.. figures.Workloads(kind, isStream: false).Select(workload => Of(workload.Name + unit, format, isDirectToo, arm => figure(arm, workload.Name)))];

    private IEnumerable<Panel> OfStreams((string Name, int Chunks) workload)
    {
        Panel Added(string what, Func<Measurement, double> microseconds) =>
            Of(what, "0.00", isDirectToo: false, arm => figures.Added(arm, workload.Name, LoadKind.FixedRate, microseconds));

        return
        [
            Of("CPU time of the server for a chunk, µs", "0.0", isDirectToo: false, arm =>
                figures.Of(arm, workload.Name, LoadKind.FixedRate, static m => m.CpuMicroseconds).Times(1.0 / workload.Chunks)),
            Added("added time to the first byte, p50, ms", static m => m.Latency.P50),
            Added("added time to the first byte, p99, ms", static m => m.Latency.P99),
            Added("added time between two chunks, p99, ms", static m => m.Gaps.P99),
        ];
    }

    private List<Panel> MemoryPanels() =>
    [
        Of("MB, median of each measurement", "0", isDirectToo: false, arm =>
            Spread.Of(figures.All.Where(m => m.Arm == arm).Select(static m => m.Resident.Median)).Times(1e-6)),
    ];

    private Panel Of(string title, string format, bool isDirectToo, Func<string, Spread> figure) => new(
        title,
        format,
        [.. contestants.Where(one => isDirectToo || one.Arm != Arm.Direct).Select(one => new Bar(one.Name, figure(one.Arm), one.IsOurs))]);
}
