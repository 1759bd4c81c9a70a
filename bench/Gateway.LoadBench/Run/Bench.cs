using Gateway.LoadBench.Client;
using Gateway.LoadBench.Report;

namespace Gateway.LoadBench.Run;

/// <summary>
/// All of it: every arm under every workload, several times over. Arms take turns within a workload, forwards in one round and
/// backwards in the next, so that whatever else the machine is doing meets all of them alike.
/// </summary>
internal static class Bench
{
    /// <summary>The kernel counts in hundredths of a second, so that little use takes long to measure.</summary>
    private const double IdleFactor = 4;

    public static async Task<int> RunAsync(LoadBenchOptions options)
    {
        Workload[] workloads = [.. Workload.All.Where(each => options.Only is null || each.Name.Contains(options.Only, StringComparison.Ordinal))];
        var machine = Machine.Line();
        await using var fleet = await Fleet.StartAsync(options);
        var expected = new Dictionary<Workload, Expected>();
        foreach (var workload in workloads)
            expected[workload] = await Expected.AskAsync(fleet.Workers[workload.Worker], workload);

        var measuring = new Measuring(options);
        foreach (var arm in fleet.Arms)
        {
            foreach (var workload in workloads)
            {
                await Fleet.AwaitReadyAsync(arm, workload, expected[workload]);
                await measuring.RunAsync(arm, workload, expected[workload], LoadKind.ClosedLoop, -1, options.WarmUp);
            }
        }

        var idle = await Idling.MeasureAsync(fleet.Arms, TimeSpan.FromSeconds(options.Seconds * IdleFactor));
        var results = new List<Measurement>();
        for (var round = 0; round < options.Rounds; round++)
        {
            Console.Error.WriteLine($"round {round + 1} of {options.Rounds}");
            foreach (var workload in workloads)
            {
                var arms = round % 2 == 0 ? fleet.Arms : Enumerable.Reverse(fleet.Arms);
                foreach (var arm in arms)
                    results.Add(await measuring.RunAsync(arm, workload, expected[workload], LoadKind.ClosedLoop, round));
                if (workload.IsStream)
                    continue;
                foreach (var arm in arms)
                    results.Add(await measuring.RunAsync(arm, workload, expected[workload], LoadKind.FixedRate, round));
            }
        }

        Console.WriteLine($"{machine}\n");
        Tables.Print(results, options);
        Console.WriteLine(idle);
        return results.Any(static result => result.Failed > 0) ? 1 : 0;
    }
}
