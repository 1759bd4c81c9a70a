using Gateway.LoadBench.Client;
using Gateway.LoadBench.Run;

namespace Gateway.LoadBench.TokenIn;

/// <summary>
/// What it costs the gateway to speak gRPC to engines, which takes tokenizing and detokenizing with it, against passing HTTP on. Both gateways
/// take turns within a workload; no prompt comes twice.
/// </summary>
internal static class TokenBench
{
    public const string Verb = "grpc";

    /// <summary>Requests a second of the latency measurement: few enough that they do not wait for each other, whatever the prompt.</summary>
    public const int Rate = 20;

    public static async Task<int> RunAsync(LoadBenchOptions options)
    {
        if (options.Tokenizer is not { } tokenizer)
        {
            Console.Error.WriteLine("--tokenizer FILE is missing: a real one, such as tokenizer-parity has after npm ci");
            return 2;
        }

        options = options with { Fresh = true, Rate = Rate };
        Workload[] workloads = [.. TokenWorkloads.All().Where(each => options.Only is null || each.Name.Contains(options.Only, StringComparison.Ordinal))];
        var machine = Machine.Line();
        await using var servers = await TokenServers.StartAsync(options.Policy, Path.GetFullPath(tokenizer));
        var measuring = new Measuring(options);
        foreach (var arm in servers.Arms)
        {
            foreach (var workload in workloads)
            {
                await Fleet.AwaitReadyAsync(arm, workload, TokenWorkloads.ExpectedOf(workload));
                await measuring.RunAsync(arm, workload, TokenWorkloads.ExpectedOf(workload), LoadKind.ClosedLoop, -1, options.WarmUp);
            }
        }

        var results = new List<Measurement>();
        for (var round = 0; round < options.Rounds; round++)
        {
            Console.Error.WriteLine($"round {round + 1} of {options.Rounds}");
            foreach (var workload in workloads)
            {
                foreach (var arm in round % 2 == 0 ? servers.Arms : Enumerable.Reverse(servers.Arms))
                {
                    foreach (var kind in new[] { LoadKind.ClosedLoop, LoadKind.FixedRate })
                        results.Add(await measuring.RunAsync(arm, workload, TokenWorkloads.ExpectedOf(workload), kind, round));
                }
            }
        }

        Console.WriteLine($"{machine}\n");
        TokenTable.Print(results, options);
        return results.Any(static result => result.Failed > 0) ? 1 : 0;
    }
}
