using System.Globalization;
using System.Text;
using Gateway.LoadBench.Charts;
using Gateway.LoadBench.Run;

namespace Gateway.LoadBench.Peers;

/// <summary>The page's figures, each table below its charts.</summary>
internal sealed class PeersTables(
    Figures figures,
    IReadOnlyList<Contestant> contestants,
    IReadOnlyList<IdleCost> idle,
    IReadOnlyList<(string File, string Title, IReadOnlyList<Panel> Panels)> charts,
    LoadBenchOptions options)
{
    private const double Megabyte = 1e6;

    private string Baseline => options.Baseline ?? Arm.Gateway;

    private string Times => $"× {contestants.First(one => one.Arm == Baseline).Name}";

    public void AppendTo(StringBuilder page)
    {
        AppendWhole(page);
        AppendPaced(page);
        AppendAtOnce(page);
        AppendMemory(page);
        AppendAnswers(page);
    }

    private void AppendWhole(StringBuilder page)
    {
        var workloads = figures.Workloads(LoadKind.ClosedLoop, isStream: false);
        if (workloads.Count == 0)
            return;
        page.Append(CultureInfo.InvariantCulture, $"""
            ## Answers in one piece

            Requests/s, CPU time and bytes are of {options.Connections} connections that ask as fast as they can; what is added to going direct is at {options.Rate} requests/s, of which
            the last two columns are. The row *direct* has the time itself. Bytes are those of .NET's heap.


            """);
        AppendCharts(page, PeersCharts.Requests, PeersCharts.Cpu, PeersCharts.Latency);
        page.Append(CultureInfo.InvariantCulture, $"| body | contestant | requests/s | CPU ms/request | {Times} | KB allocated/request | added p50, ms | added p99, ms | CPU ms/request at {options.Rate}/s | {Times} |\n");
        page.Append("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        foreach (var (workload, _) in workloads)
        {
            foreach (var one in contestants)
            {
                var (arm, closed, steady) = (one.Arm, LoadKind.ClosedLoop, LoadKind.FixedRate);
                Row(
                    page,
                    workload,
                    one.Title,
                    figures.Of(arm, workload, closed, static m => m.PerSecond).Text("N0"),
                    Cpu(arm, workload, closed).Times(0.001).Text("0.000"),
                    Ratio(arm, workload, closed),
                    figures.Of(arm, workload, closed, static m => m.KilobytesOrNaN).Text("0.0"),
                    figures.Added(arm, workload, steady, static m => m.Latency.P50).Text("0.00"),
                    figures.Added(arm, workload, steady, static m => m.Latency.P99).Text("0.00"),
                    Cpu(arm, workload, steady).Times(0.001).Text("0.000"),
                    Ratio(arm, workload, steady));
            }
        }

        page.Append('\n');
    }

    private void AppendPaced(StringBuilder page)
    {
        foreach (var (workload, chunks) in figures.Workloads(LoadKind.FixedRate, isStream: true))
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                ## Streams

                {options.StreamRate} streams a second, each of {chunks} chunks that the worker sends 10 ms apart. *TTFT* is the time to the first byte of the body; *gap* the time between
                two chunks at the client, 0 for chunks that come together. The row *direct* has the times themselves.


                """);
            AppendCharts(page, PeersCharts.Streams);
            page.Append(CultureInfo.InvariantCulture, $"| contestant | CPU µs/chunk | {Times} | KB allocated/stream | added TTFT p50, ms | added TTFT p99, ms | added gap p99, ms | chunks lost |\n");
            page.Append("|---|--:|--:|--:|--:|--:|--:|--:|\n");
            foreach (var one in contestants)
            {
                Row(
                    page,
                    one.Title,
                    Cpu(one.Arm, workload, LoadKind.FixedRate).Times(1.0 / chunks).Text("0.0"),
                    Ratio(one.Arm, workload, LoadKind.FixedRate),
                    figures.Of(one.Arm, workload, LoadKind.FixedRate, static m => m.KilobytesOrNaN).Text("0.0"),
                    figures.Added(one.Arm, workload, LoadKind.FixedRate, static m => m.Latency.P50).Text("0.00"),
                    figures.Added(one.Arm, workload, LoadKind.FixedRate, static m => m.Latency.P99).Text("0.00"),
                    figures.Added(one.Arm, workload, LoadKind.FixedRate, static m => m.Gaps.P99).Text("0.00"),
                    Lost(one.Arm, workload));
            }

            page.Append('\n');
        }
    }

    private void AppendAtOnce(StringBuilder page)
    {
        foreach (var (workload, chunks) in figures.Workloads(LoadKind.ClosedLoop, isStream: true))
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                {options.Streams} streams at a time, each of {chunks} chunks that the worker sends back to back:


                """);
            page.Append(CultureInfo.InvariantCulture, $"| contestant | chunks/s | CPU µs/chunk | {Times} | KB allocated/stream | chunks lost |\n|---|--:|--:|--:|--:|--:|\n");
            foreach (var one in contestants)
            {
                Row(
                    page,
                    one.Title,
                    figures.Of(one.Arm, workload, LoadKind.ClosedLoop, static m => m.PerSecond).Times(chunks).Text("N0"),
                    Cpu(one.Arm, workload, LoadKind.ClosedLoop).Times(1.0 / chunks).Text("0.00"),
                    Ratio(one.Arm, workload, LoadKind.ClosedLoop),
                    figures.Of(one.Arm, workload, LoadKind.ClosedLoop, static m => m.KilobytesOrNaN).Text("0.0"),
                    Lost(one.Arm, workload));
            }

            page.Append('\n');
        }
    }

    private void AppendMemory(StringBuilder page)
    {
        page.Append("""
            ## Memory, and doing nothing

            Of all processes of a contestant, as the kernel counts it (RSS; what they share counts for each). *Idle* is after the warm-up.


            """);
        AppendCharts(page, PeersCharts.Memory);
        page.Append("| contestant | idle, MB | under load, median, MB | peak, MB | CPU ms/s while idle |\n|---|--:|--:|--:|--:|\n");
        foreach (var one in contestants)
        {
            if (idle.FirstOrDefault(cost => cost.Arm == one.Arm) is not { } cost)
                continue;
            Row(
                page,
                one.Title,
                Spread.Number(cost.ResidentBytes / Megabyte, "0"),
                Spread.Of(Of(one.Arm).Select(static m => m.Resident.Median)).Times(1 / Megabyte).Text("0"),
                Spread.Number(Of(one.Arm).Max(static m => m.Resident.Peak) / Megabyte, "0"),
                Spread.Number(cost.CpuMilliseconds, "0"));
        }

        page.Append('\n');
    }

    private void AppendAnswers(StringBuilder page)
    {
        page.Append("""
            ## Right answers

            An answer is right if it is, to the last byte, what the worker says when it is asked directly; every chunk and the final `[DONE]` included.

            | contestant | right | others | chunks lost |
            |---|--:|--:|--:|

            """);
        foreach (var one in contestants)
        {
            Measurement[] mine = [.. Of(one.Arm)];
            Row(page, one.Title, Count(mine.Sum(static m => (long)m.Complete)), Count(mine.Sum(static m => (long)m.Failed)), Count(mine.Sum(static m => m.LostEvents)));
        }
    }

    private void AppendCharts(StringBuilder page, params string[] files)
    {
        foreach (var (file, title, _) in charts.Where(chart => files.Contains(chart.File)))
            page.Append(CultureInfo.InvariantCulture, $"![{title}]({file})\n\n");
    }

    private Spread Cpu(string arm, string workload, LoadKind kind) =>
        arm == Arm.Direct ? Spread.None : figures.Of(arm, workload, kind, static m => m.CpuMicroseconds);

    private string Ratio(string arm, string workload, LoadKind kind) => figures.CpuRatio(arm, Baseline, workload, kind).Text("0.00");

    private string Lost(string arm, string workload) =>
        Count(Of(arm).Where(m => m.Workload == workload).Sum(static m => m.LostEvents));

    private IEnumerable<Measurement> Of(string arm) => figures.All.Where(m => m.Arm == arm);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static void Row(StringBuilder page, params string[] cells) => page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
