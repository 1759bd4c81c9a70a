using System.Globalization;
using Gateway.RoutingBench.Run;
using Gateway.RoutingBench.Traces;

namespace Gateway.RoutingBench.Report;

/// <summary>The figures as markdown. Nothing of the machine or the hour is in it: the same seed prints the same bytes.</summary>
internal static class Tables
{
    public static void Write(
        TextWriter output,
        RoutingBenchOptions options,
        IReadOnlyList<Scenario> scenarios,
        IReadOnlyList<Trace> traces,
        IReadOnlyList<string> policies,
        IReadOnlyDictionary<RunKey, Measured> results)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"# Routing, seed {options.Seed}, load {Scenario.Load:P0}{(options.IsQuick ? ", quick" : "")}"));
        foreach (var trace in traces)
        {
            output.WriteLine();
            output.WriteLine($"## {trace.Name}: {trace.What}");
            foreach (var scenario in scenarios)
            {
                output.WriteLine();
                output.WriteLine($"| {scenario.Name} | hit rate | TTFT p50 ms | TTFT p99 ms | tokens/s | in flight per worker | busiest, × mean | most requests, × equal share |");
                output.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|");
                foreach (var policy in policies)
                    output.WriteLine(Line(policy, results[new RunKey(scenario.Name, trace.Name, policy)]));
            }
        }
    }

    private static string Line(string policy, Measured run)
    {
        // Those without a token waited longer than it says.
        var (atLeast50, atLeast99) = (run.Unanswered * 2 > run.Requests ? "≥ " : "", run.Unanswered * 100 > run.Requests ? "≥ " : "");
        var hitRate = double.IsNaN(run.HitRate) ? "–" : string.Create(CultureInfo.InvariantCulture, $"{run.HitRate * 100:F0} %");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {policy} | {hitRate} | {atLeast50}{run.TtftP50:F0} | {atLeast99}{run.TtftP99:F0} | {run.TokensPerSecond:F0} | {run.InFlight:F1} | {run.Imbalance:F2} | {run.TopShare:F2} |");
    }
}
