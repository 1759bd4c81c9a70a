using Gateway.LoadBench;
using Gateway.LoadBench.Run;
using Gateway.LoadBench.Servers;

// The bench starts itself again as each of the servers it measures.
if (args is [ServerRole.Verb, var role, .. var rest])
    return await ServerRole.RunAsync(role, rest);
if (LoadBenchOptions.Parse(args) is not { } options)
    return LoadBenchOptions.Usage();
return await Bench.RunAsync(options);
