using Gateway.LoadBench.Charts;
using Gateway.LoadBench.Client;
using Gateway.LoadBench.Run;

namespace Gateway.LoadBench.Peers;

/// <summary>The gateway next to what people use in its place, in one run: writes a page with its tables, and charts beside it.</summary>
internal static class PeersBench
{
    public const string Verb = "peers";

    private static readonly string Pages = Path.Combine(RepositoryFolder.Path, "docs", "benchmarks");

    /// <param name="options">What to measure.</param>
    /// <param name="args">The command line, for the page.</param>
    /// <returns>1 if the gateway, or a worker that was asked directly, failed once.</returns>
    public static async Task<int> RunAsync(LoadBenchOptions options, string[] args)
    {
        options = options with { Peers = true };
        Workload[] workloads = [.. Workload.All.Where(each => options.Only is null || each.Name.Contains(options.Only, StringComparison.Ordinal))];
        var (machine, isBusy) = (Machine.Line(), Machine.IsBusy());
        await using var fleet = await Fleet.StartAsync(options);
        var contestants = await Contestants.OfAsync(fleet.Arms, options.Policy);
        var series = await Series.StartAsync(fleet, workloads, options);
        var figures = new Figures(await series.RunAsync(KindsOf));
        await WriteAsync(new PeersPage(figures, contestants, series.Idle, fleet.LeftOut, options, machine, isBusy, args), options.Output ?? Pages);
        return figures.All.Any(static one => Arm.IsOurs(one.Arm) && one.Failed > 0) ? 1 : 0;
    }

    /// <summary>
    /// Paced streams come one by one, as clients' do: begun all together, they would wait for each other at each step. How many there can be
    /// says nothing, since they take as long as they are paced; of streams at once it does.
    /// </summary>
    private static LoadKind[] KindsOf(Workload workload) =>
        !workload.IsStream ? [LoadKind.ClosedLoop, LoadKind.FixedRate]
        : workload.IsPaced ? [LoadKind.FixedRate]
        : [LoadKind.ClosedLoop];

    private static async Task WriteAsync(PeersPage page, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var chart in page.Charts)
            await File.WriteAllTextAsync(Path.Combine(folder, chart.File), BarChart.Render(chart.Title, chart.Panels));
        var text = page.Text();
        await File.WriteAllTextAsync(Path.Combine(folder, "peers.md"), text);
        Console.WriteLine(text);
    }
}
