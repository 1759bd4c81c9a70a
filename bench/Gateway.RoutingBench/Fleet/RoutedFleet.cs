using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.RoutingBench.Clock;
using Gateway.RoutingBench.Run;

namespace Gateway.RoutingBench.Fleet;

/// <summary>The workers of the one model, as registry and load monitor would present them to its policy.</summary>
internal sealed class RoutedFleet : IDisposable
{
    private readonly VirtualTime _time;
    private readonly IRoutingPolicy _policy;
    private readonly Action<Transit> _ended;
    private readonly List<FleetWorker> _all = [];
    private readonly List<FleetWorker> _ready = [];
    private Worker[] _candidates = [];

    public RoutedFleet(int workers, VirtualTime time, IRoutingPolicy policy, TimeSpan pollInterval, Action<Transit> ended)
    {
        _time = time;
        _policy = policy;
        _ended = ended;
        for (var i = 0; i < workers; i++)
            Birth();
        Publish();
        if (policy.NeedsLoadReports)
            Poll(pollInterval);
    }

    /// <summary>All that ever lived, the removed ones among them.</summary>
    public IReadOnlyList<FleetWorker> All => _all;

    public ReadOnlySpan<Worker> Candidates => _candidates;

    public long TokensGenerated => _all.Sum(static worker => worker.TokensGenerated);

    public FleetWorker Of(Worker worker) => _all[(int)worker.Epoch - 1];

    /// <summary>Ready after a start, its cache empty, and spared at first as the gateway does it.</summary>
    public void Add()
    {
        Birth().Worker.BeginSlowStart();
        Publish();
    }

    /// <summary>It drains: no new requests, the running ones end.</summary>
    public void RemoveFirst()
    {
        _ready[0].Worker.Close();
        _ready.RemoveAt(0);
        Publish();
    }

    public void Dispose() => _all.ForEach(static worker => worker.Dispose());

    private FleetWorker Birth()
    {
        var worker = new FleetWorker(_all.Count + 1, _time, _ended);
        _all.Add(worker);
        _ready.Add(worker);
        return worker;
    }

    private void Publish()
    {
        _candidates = [.. _ready.Select(static worker => worker.Worker)];
        _policy.WorkersChanged(_candidates);
    }

    private void Poll(TimeSpan interval)
    {
        _ready.ForEach(static worker => worker.Report());
        _time.After(interval, () => Poll(interval));
    }
}
