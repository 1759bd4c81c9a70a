using System.Diagnostics;
using Gateway.LoadBench.Client;
using Gateway.LoadBench.Servers;
using HdrHistogram;

namespace Gateway.LoadBench.Run;

/// <summary>One arm under one workload for a while, with the counters of its server before and after.</summary>
internal sealed class Measuring(LoadBenchOptions options)
{
    /// <summary>More than are in use at the fixed rate, so that a slow answer does not hold up the next request.</summary>
    private const int FixedRateConnections = 32;

    /// <summary>Of the streams that are open on average.</summary>
    private const int FixedRateStreamsFactor = 2;

    public async Task<Measurement> RunAsync(Arm arm, Workload workload, Expected expected, LoadKind kind, int round, double? seconds = null)
    {
        var duration = TimeSpan.FromSeconds(seconds ?? options.Seconds);
        var seesGaps = workload.IsStream && kind == LoadKind.FixedRate;
        using var client = new LoadClient(arm.Address(workload), arm.Adapt(workload), expected, options.Fresh, seesGaps);
        // Connections are made before the counters are read.
        var connections = (kind, workload.IsStream) switch
        {
            (LoadKind.FixedRate, true) => options.Streams * FixedRateStreamsFactor,
            (LoadKind.FixedRate, false) => FixedRateConnections,
            (_, true) => options.Streams,
            _ => options.Connections,
        };
        await client.RunClosedLoopAsync(connections, TimeSpan.FromMilliseconds(100));

        var cpu = arm.Server?.CpuTime() ?? TimeSpan.Zero;
        var bytes = arm.Server is null ? null : await arm.Server.AllocatedAsync();
        await using var memory = new MemoryWatch(arm.Server);
        var start = Stopwatch.GetTimestamp();
        var result = kind == LoadKind.ClosedLoop
            ? await client.RunClosedLoopAsync(connections, duration)
            : await client.RunFixedRateAsync(connections, workload.IsStream ? options.StreamRate : options.Rate, duration);
        var elapsed = Stopwatch.GetElapsedTime(start);
        var resident = await memory.StopAsync();
        var bytesAfter = arm.Server is null ? null : await arm.Server.AllocatedAsync();
        var cpuAfter = arm.Server?.CpuTime() ?? TimeSpan.Zero;

        var requests = Math.Max(1, result.Complete + result.Failed);
        return new Measurement(
            arm.Name,
            workload.Name,
            workload.Chunks,
            kind,
            round,
            result.Complete,
            result.Failed,
            elapsed.TotalSeconds,
            (cpuAfter - cpu).TotalMicroseconds / requests,
            (double?)(bytesAfter - bytes) / requests,
            PercentilesOf(workload.IsStream ? result.FirstByte : result.Whole),
            PercentilesOf(result.Gaps),
            result.LostEvents,
            resident);
    }

    private static Percentiles PercentilesOf(HistogramBase histogram) => histogram.TotalCount == 0
        ? new Percentiles(double.NaN, double.NaN, double.NaN)
        : new Percentiles(
            histogram.GetValueAtPercentile(50), histogram.GetValueAtPercentile(90), histogram.GetValueAtPercentile(99));
}
