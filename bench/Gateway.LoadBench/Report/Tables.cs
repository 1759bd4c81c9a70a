using System.Globalization;
using Gateway.LoadBench.Run;

namespace Gateway.LoadBench.Report;

/// <summary>
/// The measurements as markdown. Each figure is the median over the rounds; each ratio and difference is taken within a round first,
/// between arms that ran within seconds of each other, and the median of these is shown.
/// </summary>
internal static class Tables
{
    public static void Print(IReadOnlyCollection<Measurement> all, LoadBenchOptions options)
    {
        Console.WriteLine($"Medians over {options.Rounds} rounds{(options.Baseline is { } other ? $"; × is the ratio to {other}, taken within a round" : "")}.\n");
        PrintCost(all, options.Baseline, LoadKind.ClosedLoop, $"as fast as {options.Connections} connections (streams: {options.Streams}) can");
        PrintCost(all, options.Baseline, LoadKind.FixedRate, $"at {options.Rate} requests/s");
        PrintLatency(all, options);
        foreach (var arm in all.GroupBy(static one => one.Arm))
            Console.WriteLine($"{arm.Key}: {arm.Sum(static one => one.Complete):N0} answers right to the last byte, {arm.Sum(static one => one.Failed):N0} failures");
    }

    private static void PrintCost(IReadOnlyCollection<Measurement> all, string? baseline, LoadKind kind, string how)
    {
        Console.WriteLine($"| {how} | arm | requests/s | CPU µs/request | × | CPU µs/chunk | KB allocated/request | × |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|");
        foreach (var workload in all.Where(one => one.Kind == kind).GroupBy(static one => one.Workload))
        {
            foreach (var arm in workload.GroupBy(static one => one.Arm))
            {
                Measurement[] mine = [.. arm.OrderBy(static one => one.Round)];
                Measurement[] others = [.. workload.Where(one => one.Arm == baseline).OrderBy(static one => one.Round)];
                var rate = Median.Of(mine.Select(static one => one.Complete / one.Seconds));
                Console.WriteLine(
                    $"| {workload.Key} | {arm.Key} | {Text(rate, "0")} | {(arm.Key == Arm.Direct ? "| | |" : Cost(mine, others))} |");
            }
        }

        Console.WriteLine();
    }

    private static string Cost(Measurement[] mine, Measurement[] others)
    {
        var chunks = mine[0].Chunks;
        var cpu = Median.Of(mine.Select(static one => one.CpuMicroseconds));
        var bytes = mine[0].Bytes is null ? double.NaN : Median.Of(mine.Select(static one => one.Bytes!.Value)) / 1024;
        var bytesRatio = mine[0].Bytes is null ? double.NaN : Ratio(mine, others, static one => one.Bytes!.Value);
        return $"{Text(cpu, "0")} | {Text(Ratio(mine, others, static one => one.CpuMicroseconds), "0.00")} | "
            + $"{(chunks == 0 ? "" : Text(cpu / chunks, "0.0"))} | {Text(bytes, "0.0")} | {Text(bytesRatio, "0.00")}";
    }

    private static void PrintLatency(IReadOnlyCollection<Measurement> all, LoadBenchOptions options)
    {
        Console.WriteLine($"| added over direct, ms | arm | p50 | p90 | p99 |");
        Console.WriteLine("|---|---|--:|--:|--:|");
        foreach (var workload in all.Where(static one => one.Kind == LoadKind.FixedRate || one.Chunks > 0).GroupBy(static one => one.Workload))
        {
            Measurement[] direct = [.. workload.Where(static one => one.Arm == Arm.Direct).OrderBy(static one => one.Round)];
            var what = direct[0].Chunks > 0
                ? $"{workload.Key}, first byte, {options.Streams} streams"
                : $"{workload.Key}, {options.Rate}/s";
            foreach (var arm in workload.GroupBy(static one => one.Arm))
            {
                Measurement[] mine = [.. arm.OrderBy(static one => one.Round)];
                Console.WriteLine(arm.Key == Arm.Direct
                    ? $"| {what} | direct itself | {Row(mine, null)} |"
                    : $"| {what} | {arm.Key} | {Row(mine, direct)} |");
            }
        }

        Console.WriteLine();
    }

    private static string Row(Measurement[] mine, Measurement[]? direct)
    {
        string Cell(Func<Percentiles, double> of)
        {
            var values = mine.Select((one, round) => of(one.Latency) - (direct is null ? 0 : of(direct[round].Latency)));
            return Text(Median.Of(values) / 1000, "0.00");
        }

        return $"{Cell(static one => one.P50)} | {Cell(static one => one.P90)} | {Cell(static one => one.P99)}";
    }

    private static double Ratio(Measurement[] mine, Measurement[] others, Func<Measurement, double> of) =>
        Median.Of(mine.Zip(others, (one, other) => of(one) / of(other)));

    private static string Text(double value, string format) =>
        double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);
}
