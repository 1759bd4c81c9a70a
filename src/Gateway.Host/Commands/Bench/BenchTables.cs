using System.Globalization;

namespace Gateway.Host.Commands.Bench;

/// <summary>A report as people read it.</summary>
internal static class BenchTables
{
    private static readonly (string Key, string Name)[] Rows =
    [
        ("ttft", "time to first token"),
        ("inter_chunk", "between chunks"),
        ("per_output_token", "per output token"),
        ("whole", "whole answer"),
    ];

    public static void Write(BenchReport report, BenchPlan plan, CommandConsole console)
    {
        var sums = new TextTable("WHAT", "VALUE");
        sums.Add("model", plan.Model);
        sums.Add("seconds", Text($"{report.Elapsed.TotalSeconds:0.0}"));
        sums.Add("complete", new Cell(Text($"{report.Complete}"), Tone.Good));
        sums.Add("not complete", new Cell(Text($"{report.Failed}"), report.Failed > 0 ? Tone.Bad : Tone.Plain));
        sums.Add("requests/s", Text($"{report.RequestsPerSecond:0.0}"));
        sums.Add("output tokens/s", Text($"{report.OutputTokensPerSecond:0}"));
        sums.Write(console);

        if (report.Complete > 0)
        {
            var times = new TextTable("MILLISECONDS", "MEAN", "P50", "P90", "P99", "MAX", "SAMPLES");
            foreach (var (key, name) in Rows)
            {
                if (report.Times[key] is { Count: > 0 } samples)
                    times.Add(name, Time(samples.Mean), Time(samples.Milliseconds(0.5)), Time(samples.Milliseconds(0.9)), Time(samples.Milliseconds(0.99)), Time(samples.Milliseconds(1)), Text($"{samples.Count}"));
            }

            times.Write(console);
        }

        if (report.Failed == 0)
            return;
        var failures = new TextTable("NOT COMPLETE", "REQUESTS", "DETAIL");
        foreach (var ((ending, detail), requests) in report.Failures)
            failures.Add(new Cell(EndingWords.Of(ending), Tone.Bad), Text($"{requests}"), detail);
        failures.Write(console);
    }

    private static string Time(double milliseconds) => Text($"{milliseconds:0.0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
