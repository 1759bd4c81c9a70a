using System.Collections.Concurrent;
using Gateway.Actors.Routing;
using Gateway.RoutingBench.Report;
using Gateway.RoutingBench.Run;
using Gateway.RoutingBench.Traces;

namespace Gateway.RoutingBench.Gateways;

/// <summary>The same load on the same fleet, behind more and more gateways that tell each other more or less.</summary>
internal static class GatewaysBench
{
    /// <summary>Figures are medians over so many loads.</summary>
    private const int Seeds = 3;

    private const int Workers = 16;

    public static IReadOnlyList<int> Counts { get; } = [1, 2, 4, 8];

    public static int Run(RoutingBenchOptions options)
    {
        var scenario = Scenario.All(options).First(static scenario => scenario.Workers == Workers);
        var traces = TraceCatalog.ForGateways.Where(trace => options.Only is null || trace.Name.Contains(options.Only, StringComparison.Ordinal)).ToList();
        var policy = options.Policies.Count == 0 ? PolicyCatalog.Default : options.Policies[0];
        var results = new ConcurrentDictionary<(string Trace, FrontPlan Plan, int Seed), Measured>();
        var runs =
            from gateways in Counts
            from sharing in gateways == 1 ? [Sharing.Nothing] : Sharing.All
            from trace in traces
            from seed in Enumerable.Range(options.Seed, Seeds)
            orderby gateways descending
            select (trace, plan: new FrontPlan(gateways, sharing), seed);
        Parallel.ForEach(Partitioner.Create(runs.ToList(), loadBalance: true), run =>
        {
            results[(run.trace.Name, run.plan, run.seed)] = Simulation.Run(scenario, run.trace, policy, run.seed, run.plan);
            // Each gateway has a table of its own, which would be piled upon the last run's.
            GC.Collect();
        });

        return GatewaysTables.Write(Console.Out, options, scenario, policy, traces, (trace, plan) => Median(results, trace, plan, options.Seed)) ? 0 : 1;
    }

    private static Measured Median(ConcurrentDictionary<(string Trace, FrontPlan Plan, int Seed), Measured> results, string trace, FrontPlan plan, int first)
    {
        var runs = Enumerable.Range(first, Seeds).Select(seed => results[(trace, plan, seed)]).ToList();
        return runs[0] with
        {
            HitRate = Of(static run => run.HitRate),
            TtftP50 = Of(static run => run.TtftP50),
            TtftP99 = Of(static run => run.TtftP99),
            TokensPerSecond = Of(static run => run.TokensPerSecond),
            InFlight = Of(static run => run.InFlight),
            Busiest = Of(static run => run.Busiest),
            BytesPerSecond = Of(static run => run.BytesPerSecond),
            TopGateway = Of(static run => run.TopGateway),
        };

        double Of(Func<Measured, double> figure) => runs.Select(figure).Order().ElementAt(Seeds / 2);
    }
}
