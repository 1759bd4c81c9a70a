using System.Collections.Concurrent;
using Gateway.Actors.Routing;
using Gateway.RoutingBench.Report;
using Gateway.RoutingBench.Traces;

namespace Gateway.RoutingBench.Run;

/// <summary>All runs, and the report. Runs share nothing, so they may take place at the same time.</summary>
internal static class Bench
{
    public static int Run(RoutingBenchOptions options)
    {
        var scenarios = Scenario.All(options);
        var traces = TraceCatalog.All.Where(trace => options.Only is null || trace.Name.Contains(options.Only, StringComparison.Ordinal)).ToList();
        var policies = PolicyCatalog.Names.Where(name => options.Policies.Count == 0 || options.Policies.Contains(name)).Order(StringComparer.Ordinal).ToList();
        var results = new ConcurrentDictionary<RunKey, Measured>();
        var runs =
            from scenario in scenarios
            from trace in traces
            from policy in policies
            orderby scenario.Workers descending
            select (scenario, trace, policy);
        Parallel.ForEach(Partitioner.Create(runs.ToList(), loadBalance: true), run =>
        {
            results[new RunKey(run.scenario.Name, run.trace.Name, run.policy)] = Simulation.Run(run.scenario, run.trace, run.policy, options.Seed);
            // A large run leaves hundreds of megabytes of old objects behind, and the next would pile its own on top before the collector finds it due.
            if (run.scenario.Workers >= Scenario.Large)
                GC.Collect();
        });

        Tables.Write(Console.Out, options, scenarios, traces, policies, results);
        return Targets.Write(Console.Out, scenarios, traces, policies, results) ? 0 : 1;
    }
}
