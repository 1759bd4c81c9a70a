using System.Globalization;
using HdrHistogram;

namespace Gateway.LoadBench.Overload;

/// <summary>The measurements as markdown: medians over the rounds.</summary>
internal static class OverloadTable
{
    public static void Print(IReadOnlyCollection<OverloadMeasurement> all, int cap, int rounds)
    {
        Console.WriteLine($"At most {cap} streams at once. Medians over {rounds} rounds, in ms.\n");
        Console.WriteLine("| queue | load | admitted/s | first byte p50 / p99 | whole p50 / p99 | refused/s | refusal p50 / p99 | failures |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var group in all.GroupBy(static one => (one.QueueSize, one.Load)))
        {
            OverloadMeasurement[] rows = [.. group];
            Console.WriteLine(
                $"| {group.Key.QueueSize} | {group.Key.Load}× | {Number(rows, static one => one.AdmittedPerSecond, "0")} "
                + $"| {Pair(rows, static one => one.Result.FirstByte)} | {Pair(rows, static one => one.Result.Whole)} "
                + $"| {Number(rows, static one => one.RefusedPerSecond, "0")} | {Pair(rows, static one => one.Result.Refused)} | {rows.Sum(static one => one.Broken)} |");
        }
    }

    private static string Pair(OverloadMeasurement[] rows, Func<OverloadMeasurement, HistogramBase> of)
    {
        OverloadMeasurement[] filled = [.. rows.Where(one => of(one).TotalCount > 0)];
        return filled.Length == 0 ? "–" : $"{At(50)} / {At(99)}";

        string At(double percentile) => Number(filled, one => of(one).GetValueAtPercentile(percentile) / 1000.0, "0.0");
    }

    private static string Number(OverloadMeasurement[] rows, Func<OverloadMeasurement, double> of, string format) =>
        Median.Of(rows.Select(of)).ToString(format, CultureInfo.InvariantCulture);
}
