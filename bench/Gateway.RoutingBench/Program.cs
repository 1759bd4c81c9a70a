using Gateway.RoutingBench;
using Gateway.RoutingBench.Run;

return RoutingBenchOptions.Parse(args) is { } options ? Bench.Run(options) : RoutingBenchOptions.Usage();
