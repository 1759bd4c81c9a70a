using Gateway.LoadBench.Client;

namespace Gateway.LoadBench.Run;

/// <summary>
/// Every arm under every workload, several times over. Arms take turns within a workload, forwards in one round and backwards in the
/// next, so that whatever else the machine is doing meets all of them alike.
/// </summary>
internal sealed class Series
{
    /// <summary>The kernel counts in hundredths of a second, so that little use takes long to measure.</summary>
    private const double IdleFactor = 4;

    private readonly Fleet _fleet;
    private readonly IReadOnlyList<Workload> _workloads;
    private readonly LoadBenchOptions _options;
    private readonly Measuring _measuring;
    private readonly Dictionary<Workload, Expected> _expected = [];

    private Series(Fleet fleet, IReadOnlyList<Workload> workloads, LoadBenchOptions options)
    {
        (_fleet, _workloads, _options) = (fleet, workloads, options);
        _measuring = new Measuring(options);
    }

    /// <summary>What each server costs after its warm-up, while nobody asks.</summary>
    public IReadOnlyList<IdleCost> Idle { get; private set; } = [];

    /// <summary>Asks the workers for the right answers, and warms up all arms.</summary>
    public static async Task<Series> StartAsync(Fleet fleet, IReadOnlyList<Workload> workloads, LoadBenchOptions options)
    {
        var series = new Series(fleet, workloads, options);
        foreach (var workload in workloads)
            series._expected[workload] = await Expected.AskAsync(fleet.Workers[workload.Worker], workload);
        foreach (var arm in fleet.Arms)
        {
            foreach (var workload in workloads)
            {
                await Fleet.AwaitReadyAsync(arm, workload, series._expected[workload]);
                await series.MeasureAsync(arm, workload, LoadKind.ClosedLoop, -1, options.WarmUp);
            }
        }

        series.Idle = await Idling.MeasureAsync(fleet.Arms, TimeSpan.FromSeconds(options.Seconds * IdleFactor));
        return series;
    }

    /// <param name="kinds">In which ways a workload comes.</param>
    public async Task<List<Measurement>> RunAsync(Func<Workload, LoadKind[]> kinds)
    {
        var results = new List<Measurement>();
        for (var round = 0; round < _options.Rounds; round++)
        {
            Console.Error.WriteLine($"round {round + 1} of {_options.Rounds}");
            foreach (var workload in _workloads)
            {
                foreach (var kind in kinds(workload))
                {
                    foreach (var arm in round % 2 == 0 ? _fleet.Arms : Enumerable.Reverse(_fleet.Arms))
                        results.Add(await MeasureAsync(arm, workload, kind, round));
                }
            }
        }

        return results;
    }

    private Task<Measurement> MeasureAsync(Arm arm, Workload workload, LoadKind kind, int round, double? seconds = null) =>
        _measuring.RunAsync(arm, workload, _expected[workload], kind, round, seconds);
}
