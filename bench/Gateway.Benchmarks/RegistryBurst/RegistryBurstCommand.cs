using System.Globalization;

namespace Gateway.Benchmarks.RegistryBurst;

/// <summary>
/// Registers N workers over N/10 models and removes them again, as one burst and one at a time, for growing N. What matters is the
/// shape: the cost of one worker must not grow with the number of workers.
/// </summary>
internal static class RegistryBurstCommand
{
    private const int DefaultRounds = 3;
    private static readonly int[] Sizes = [100, 1_000, 10_000];

    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultRounds;
        var machine = Machine.Line();
        // Not counted: the compiler would take a third of the CPU time of the first runs.
        foreach (var way in Enum.GetValues<BurstWay>())
        {
            for (var i = 0; i < 2; i++)
                await BurstRun.MeasureAsync(Sizes[^1], way).ConfigureAwait(false);
        }

        await Task.Delay(TimeSpan.FromSeconds(1)).ConfigureAwait(false);

        var results = new List<BurstResult>();
        for (var round = 0; round < rounds; round++)
        {
            Console.Error.WriteLine($"round {round + 1} of {rounds}");
            // There and back, so that no size is always first.
            foreach (var size in round % 2 == 0 ? Sizes : Sizes.Reverse())
            {
                foreach (var way in Enum.GetValues<BurstWay>())
                    results.AddRange(await BurstRun.MeasureAsync(size, way).ConfigureAwait(false));
            }
        }

        Console.WriteLine($"{machine}\n");
        Console.WriteLine($"N workers over N/10 models; medians of {rounds} rounds; all threads of the process count.\n");
        BurstTable.Print(results);
        return 0;
    }
}
