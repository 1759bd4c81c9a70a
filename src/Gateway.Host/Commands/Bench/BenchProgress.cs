using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Gateway.Host.Commands.Bench;

/// <summary>How far a run is, on a terminal, drawn over itself.</summary>
internal static class BenchProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <param name="terminal">Not where the answer goes.</param>
    /// <param name="plan">What is to be done.</param>
    /// <param name="report">What has been done.</param>
    /// <param name="load">What is being done.</param>
    /// <param name="run">Ends when all is done.</param>
    public static Task ShowAsync(TextWriter terminal, BenchPlan plan, BenchReport report, BenchLoad load, Task run)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal) });
        return console.Progress().AutoClear(true).Columns(new ProgressBarColumn(), new TaskDescriptionColumn()).StartAsync(async context =>
        {
            var start = Stopwatch.GetTimestamp();
            var bar = context.AddTask("begins", maxValue: 1);
            while (!run.IsCompleted)
            {
                var done = report.Complete + report.Failed;
                bar.Value = plan.Duration is { } duration ? Stopwatch.GetElapsedTime(start) / duration : (double)done / plan.Requests;
                bar.Description = Markup.Escape(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{done} done, {report.Failed} not complete, {load.Running} running, {(done > 0 ? report.RequestsPerSecond : 0):0.0}/s"));
                await Task.WhenAny(run, Task.Delay(Interval));
            }
        });
    }
}
