using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.RoutingBench.Clock;
using Gateway.RoutingBench.Run;

namespace Gateway.RoutingBench.Fleet;

/// <summary>The workers of the one model, as each gateway's registry and load monitor would present them to its policy.</summary>
internal sealed class RoutedFleet : IDisposable
{
    private readonly VirtualTime _time;
    private readonly IReadOnlyList<IRoutingPolicy> _policies;
    private readonly Action<Transit> _ended;
    private readonly List<FleetWorker> _all = [];
    private readonly List<FleetWorker> _ready = [];
    private readonly Worker[][] _candidates;

    /// <param name="policies">One for each gateway.</param>
    public RoutedFleet(int workers, VirtualTime time, IReadOnlyList<IRoutingPolicy> policies, TimeSpan pollInterval, Action<Transit> ended)
    {
        _time = time;
        _policies = policies;
        _candidates = new Worker[policies.Count][];
        _ended = ended;
        for (var i = 0; i < workers; i++)
            Birth();
        Publish();
        if (policies[0].NeedsLoadReports)
            Poll(pollInterval);
    }

    /// <summary>All that ever lived, the removed ones among them.</summary>
    public IReadOnlyList<FleetWorker> All => _all;

    public long TokensGenerated => _all.Sum(static worker => worker.TokensGenerated);

    public Worker[] CandidatesOf(int gateway) => _candidates[gateway];

    public FleetWorker Of(Worker worker) => _all[(int)worker.Epoch - 1];

    /// <summary>Ready after a start, its cache empty, and spared at first as the gateway does it.</summary>
    public void Add()
    {
        foreach (var view in Birth().Views)
            view.BeginSlowStart();
        Publish();
    }

    /// <summary>It drains: no new requests, the running ones end.</summary>
    public void RemoveFirst()
    {
        foreach (var view in _ready[0].Views)
            view.Close();
        _ready.RemoveAt(0);
        Publish();
    }

    public void Dispose() => _all.ForEach(static worker => worker.Dispose());

    private FleetWorker Birth()
    {
        var worker = new FleetWorker(_all.Count + 1, _policies.Count, _time, _ended);
        _all.Add(worker);
        _ready.Add(worker);
        return worker;
    }

    private void Publish()
    {
        for (var gateway = 0; gateway < _policies.Count; gateway++)
        {
            _candidates[gateway] = [.. _ready.Select(worker => worker.Views[gateway])];
            _policies[gateway].WorkersChanged(_candidates[gateway]);
        }
    }

    private void Poll(TimeSpan interval)
    {
        _ready.ForEach(static worker => worker.Report());
        _time.After(interval, () => Poll(interval));
    }
}
