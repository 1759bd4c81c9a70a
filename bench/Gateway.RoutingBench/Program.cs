using Gateway.RoutingBench;
using Gateway.RoutingBench.Gateways;
using Gateway.RoutingBench.Run;

return RoutingBenchOptions.Parse(args) switch
{
    { AreGatewaysMany: true } options => GatewaysBench.Run(options),
    { } options => Bench.Run(options),
    null => RoutingBenchOptions.Usage(),
};
