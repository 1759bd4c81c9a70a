using System.Globalization;
using Gateway.RoutingBench.Run;
using Gateway.RoutingBench.Traces;

namespace Gateway.RoutingBench.Report;

/// <summary>What the cache-aware policy is held to, as lines of pass or fail; those whose runs were left out are not checked.</summary>
internal static class Targets
{
    private const string CacheAware = "cache_aware";
    private const string PowerOfTwo = "power_of_two";
    private const string RoundRobin = "round_robin";
    private const double MostWorse = 1.03;
    private const double LeastBetter = 1.5;

    /// <returns>False if one was missed.</returns>
    public static bool Write(
        TextWriter output,
        IReadOnlyList<Scenario> scenarios,
        IReadOnlyList<Trace> traces,
        IReadOnlyList<string> policies,
        IReadOnlyDictionary<RunKey, Measured> results)
    {
        var passed = true;
        output.WriteLine();
        output.WriteLine("## Targets");
        output.WriteLine();
        foreach (var scenario in scenarios)
        {
            if (Find(TraceCatalog.Random, CacheAware) is { } ours && Find(TraceCatalog.Random, PowerOfTwo) is { } theirs)
            {
                var (wait, speed) = (ours.TtftP50 / theirs.TtftP50, theirs.TokensPerSecond / ours.TokensPerSecond);
                Say(wait <= MostWorse && speed <= MostWorse, $"random, {scenario.Name}: cache_aware's TTFT p50 is {wait:F2}×, its tokens/s {1 / speed:F3}× power_of_two's (at most 3 % worse)");
            }

            if (Find(TraceCatalog.MultiTurn, CacheAware) is { } cached && Find(TraceCatalog.MultiTurn, RoundRobin) is { } blind)
            {
                var better = blind.TtftP50 / cached.TtftP50;
                Say(better >= LeastBetter, $"multi-turn, {scenario.Name}: round_robin's TTFT p50 is {better:F2}× cache_aware's (at least 1.5)");
            }

            Measured? Find(string trace, string policy) => results.GetValueOrDefault(new RunKey(scenario.Name, trace, policy));
        }

        foreach (var policy in policies)
        {
            var spirals =
                from scenario in scenarios
                from trace in traces
                where Spiral.IsIn(results[new RunKey(scenario.Name, trace.Name, policy)])
                select $"{trace.Name} on {scenario.Name}";
            var found = spirals.ToList();
            if (policy == CacheAware)
                Say(found.Count == 0, $"cache_aware spirals nowhere ({Spiral.Bound}){(found.Count == 0 ? "" : ", but: " + string.Join("; ", found))}");
            else if (found.Count > 0)
                output.WriteLine($"- note: {policy} spirals in {found.Count} of {scenarios.Count * traces.Count} runs, such as {found[0]}");
        }

        return passed;

        void Say(bool isMet, FormattableString what)
        {
            passed &= isMet;
            output.WriteLine($"- {(isMet ? "pass" : "FAIL")}: {what.ToString(CultureInfo.InvariantCulture)}");
        }
    }
}
