using System.Globalization;
using Gateway.RoutingBench.Gateways;
using Gateway.RoutingBench.Run;
using Gateway.RoutingBench.Traces;

namespace Gateway.RoutingBench.Report;

/// <summary>What becomes of routing behind several gateways, as markdown.</summary>
internal static class GatewaysTables
{
    /// <summary>Of the hit rate behind one gateway, so much must be left behind eight.</summary>
    private const double LeastKept = 0.95;

    /// <summary>Hit rates below this are chance.</summary>
    private const double LeastHitRate = 0.02;

    /// <returns>False if what is delivered misses the target.</returns>
    public static bool Write(
        TextWriter output,
        RoutingBenchOptions options,
        Scenario scenario,
        string policy,
        IReadOnlyList<Trace> traces,
        Func<string, FrontPlan, Measured> measured)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"# {policy} behind several gateways, {scenario.Name}, load {Scenario.Load:P0}, medians of 3 seeds from {options.Seed}{(options.IsQuick ? ", quick" : "")}"));
        var most = GatewaysBench.Counts[^1];
        foreach (var trace in traces)
        {
            var alone = measured(trace.Name, FrontPlan.Alone);
            output.WriteLine();
            output.WriteLine($"## {trace.Name}: {trace.What}");
            output.WriteLine();
            output.WriteLine($"| hit rate, TTFT p50 / p99 ms | {string.Join(" | ", GatewaysBench.Counts)} | of the hit rate with 1 | busiest worker in flight, × mean | busiest gateway, × equal share | KB/s a gateway sends |");
            output.WriteLine($"|---|{string.Concat(GatewaysBench.Counts.Select(static _ => "--:|"))}--:|--:|--:|--:|");
            foreach (var sharing in Sharing.All)
            {
                var cells = GatewaysBench.Counts.Select(count => Cell(count == 1 ? alone : measured(trace.Name, new FrontPlan(count, sharing))));
                var last = measured(trace.Name, new FrontPlan(most, sharing));
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {sharing.Name} | {string.Join(" | ", cells)} | {Kept(alone, last)} | {last.Imbalance:F2} | {last.TopGateway:F2} | {last.BytesPerSecond / 1000:F1} |"));
            }
        }

        output.WriteLine();
        var passed = true;
        foreach (var trace in traces)
        {
            var (alone, last) = (measured(trace.Name, FrontPlan.Alone), measured(trace.Name, new FrontPlan(most, Sharing.Delivered)));
            var isMet = alone.HitRate < LeastHitRate || last.HitRate >= LeastKept * alone.HitRate;
            passed &= isMet;
            output.WriteLine($"- {(isMet ? "pass" : "FAIL")}: {trace.Name}: of the hit rate with 1, {most} gateways with {Sharing.Delivered.Name} have {Kept(alone, last)} (at least 95 %)");
        }

        return passed;
    }

    private static string Kept(Measured alone, Measured last) =>
        alone.HitRate < LeastHitRate ? "–" : string.Create(CultureInfo.InvariantCulture, $"{last.HitRate / alone.HitRate * 100:F0} %");

    private static string Cell(Measured run) =>
        string.Create(CultureInfo.InvariantCulture, $"{run.HitRate * 100:F0} %, {run.TtftP50:F0} / {run.TtftP99:F0}");
}
