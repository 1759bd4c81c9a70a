using Gateway.LoadBench;
using Gateway.LoadBench.Overload;
using Gateway.LoadBench.Peers;
using Gateway.LoadBench.Run;
using Gateway.LoadBench.Scale;
using Gateway.LoadBench.Servers;
using Gateway.LoadBench.TokenIn;

// The bench starts itself again as each of the servers it measures.
if (args is [ServerRole.Verb, var role, .. var rest])
    return await ServerRole.RunAsync(role, rest);
if (args is [ScaleBench.Verb, ..])
    return ScaleOptions.Parse(args.AsSpan(1)) is { } scale ? await ScaleBench.RunAsync(scale) : ScaleOptions.Usage();
var overload = args is [OverloadBench.Verb, ..];
var grpc = args is [TokenBench.Verb, ..];
var peers = args is [PeersBench.Verb, ..];
if (LoadBenchOptions.Parse(overload || grpc || peers ? args[1..] : args) is not { } options)
    return LoadBenchOptions.Usage();
if (grpc)
    return await TokenBench.RunAsync(options);
if (peers)
    return await PeersBench.RunAsync(options, args);
return overload ? await OverloadBench.RunAsync(options) : await Bench.RunAsync(options);
