using Gateway.LoadBench.Client;
using Gateway.LoadBench.Report;

namespace Gateway.LoadBench.Run;

/// <summary>The gateway next to two reverse proxies and to no proxy at all.</summary>
internal static class Bench
{
    public static async Task<int> RunAsync(LoadBenchOptions options)
    {
        Workload[] workloads = [.. Workload.All.Where(each => options.Only is null || each.Name.Contains(options.Only, StringComparison.Ordinal))];
        var machine = Machine.Line();
        await using var fleet = await Fleet.StartAsync(options);
        var series = await Series.StartAsync(fleet, workloads, options);
        var results = await series.RunAsync(static workload => workload.IsStream ? [LoadKind.ClosedLoop] : [LoadKind.ClosedLoop, LoadKind.FixedRate]);

        Console.WriteLine($"{machine}\n");
        Tables.Print(results, options);
        Console.WriteLine("CPU time a second while idle: " + string.Join(", ", series.Idle.Select(static one => $"{one.Arm} {Spread.Number(one.CpuMilliseconds, "0")} ms")));
        return results.Any(static result => result.Failed > 0) ? 1 : 0;
    }
}
