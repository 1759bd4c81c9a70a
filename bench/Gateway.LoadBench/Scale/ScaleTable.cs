using System.Globalization;
using HdrHistogram;

namespace Gateway.LoadBench.Scale;

/// <summary>The measurements as markdown: a column a fleet.</summary>
internal static class ScaleTable
{
    private const double Mega = 1e6;

    public static void Print(IReadOnlyList<ScaleResult> results, ScaleOptions options)
    {
        Console.WriteLine(Row("workers", results, static result => Text(result.Workers, "0")));
        Console.WriteLine("|:--|" + string.Concat(results.Select(static _ => "--:|")));
        Print("routable, registered over the API, s", static result => Text(result.RoutableByApi.TotalSeconds, "0.0"));
        Print("routable, listed in the file, s", static result => Text(result.RoutableByFile.TotalSeconds, "0.0"));
        Print("idle: % of a core", static result => Text(result.IdleCores * 100, "0.0"));
        Print("idle: MB in all (without workers)", static result => $"{Text(result.IdleBytes / Mega, "0")} ({Text(result.EmptyBytes / Mega, "0")})");
        Print("idle: KB a worker", static result => Text((result.IdleBytes - result.EmptyBytes) / 1e3 / result.Workers, "0"));
        Print("`GET /workers`: ms, MB", static result => $"{Text(result.ListTime.TotalMilliseconds, "0")}, {Text(result.ListBytes / Mega, "0.0")}");
        Print($"{options.Rate}/s: p50 / p99 ms", static result => Pair(result.Modest.Whole));
        Print("a worker itself: p50 / p99 ms", static result => Pair(result.Direct.Whole));
        Print("added: p50 / p99 ms", static result => $"{Added(result, 50)} / {Added(result, 99)}");
        Print($"{options.Connections} connections: requests/s", static result => Text(result.SaturatedPerSecond, "0"));
        Print($"{options.Connections} connections: p50 / p99 ms", static result => Pair(result.Saturated.Whole));
        Print($"{options.Connections} connections: gateway's cores", static result => Text(result.SaturatedCores, "0.00"));
        Print($"{options.Connections} connections: gateway's µs of CPU a request", static result => Text(result.SaturatedCores * 1e6 / result.SaturatedPerSecond, "0"));
        foreach (var path in results[0].Health.Keys)
            Print($"meanwhile `{path}`: p50 / p99 ms", result => Pair(result.Health[path]));
        Print("failed", static result => Text(result.Modest.Failed + result.Direct.Failed + result.Saturated.Failed, "0"));
        if (results[^1].Streams is { } streams)
            PrintStreams(streams);

        void Print(string name, Func<ScaleResult, string> value) => Console.WriteLine(Row(name, results, value));
    }

    private static void PrintStreams(StreamResult streams)
    {
        var pace = ScaleFleet.Pace.TotalMilliseconds;
        Console.WriteLine($"\n{streams.Count} streams, an event every {Text(pace, "0")} ms:\n");
        Console.WriteLine("| | |\n|:--|--:|");
        Console.WriteLine($"| complete (lost) | {streams.Complete} ({streams.Count - streams.Complete}) |");
        Console.WriteLine($"| open at once | {streams.OpenAtOnce} |");
        Console.WriteLine($"| gap between events: p50 / p99 / largest, ms | {streams.Gaps.GetValueAtPercentile(50)} / {streams.Gaps.GetValueAtPercentile(99)} / {streams.Gaps.GetValueAtPercentile(100)} |");
        Console.WriteLine($"| gateway's cores | {Text(streams.Cores, "0.00")} |");
        Console.WriteLine($"| MB before, open | {Text(streams.BytesBefore / Mega, "0")}, {Text(streams.BytesOpen / Mega, "0")} |");
        Console.WriteLine($"| KB a stream | {Text(streams.BytesEach / 1e3, "0")} |");
        foreach (var (after, bytes) in streams.Later)
            Console.WriteLine($"| MB {Text(after.TotalSeconds, "0")} s after the last | {Text(bytes / Mega, "0")} |");
    }

    private static string Row(string name, IEnumerable<ScaleResult> results, Func<ScaleResult, string> value) =>
        $"| {name} |" + string.Concat(results.Select(result => $" {value(result)} |"));

    private static string Added(ScaleResult result, double percentile) =>
        Text((result.Modest.Whole.GetValueAtPercentile(percentile) - result.Direct.Whole.GetValueAtPercentile(percentile)) / 1000.0, "0.00");

    private static string Pair(HistogramBase microseconds) => microseconds.TotalCount == 0
        ? "–"
        : $"{Text(microseconds.GetValueAtPercentile(50) / 1000.0, "0.00")} / {Text(microseconds.GetValueAtPercentile(99) / 1000.0, "0.00")}";

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
