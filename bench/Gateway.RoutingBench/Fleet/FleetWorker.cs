using Gateway.Actors.Engines;
using Gateway.Actors.Workers;
using Gateway.RoutingBench.Clock;
using Gateway.RoutingBench.Run;
using Gateway.RoutingBench.Traces;
using Gateway.Simulator;
using Gateway.Simulator.Engine;
using LoadReport = Gateway.Actors.Engines.EngineLoad;

namespace Gateway.RoutingBench.Fleet;

/// <summary>A worker as each gateway sees it, and the engine behind it, with nothing between them.</summary>
internal sealed class FleetWorker : IDisposable
{
    private readonly VirtualTime _time;
    private readonly SimulatorStats _stats = new();
    private readonly SimulatedEngine _engine;
    private readonly List<Transit> _transits = [];
    private readonly Action<Transit> _ended;

    /// <param name="number">Names it; grows with each birth.</param>
    /// <param name="gateways">How many look at it.</param>
    /// <param name="time">The clock of gateways and engine.</param>
    /// <param name="ended">Told of each call that is complete, after its lease was released.</param>
    public FleetWorker(int number, int gateways, VirtualTime time, Action<Transit> ended)
    {
        _time = time;
        _ended = ended;
        _engine = new SimulatedEngine(new SimulatorOptions { TimeProvider = new EngineClock(time, Look) }, _stats);
        InFlight = new InFlightMeter(time);
        var spec = new WorkerSpec { Url = WorkerUrl.Parse($"http://worker-{number}:8000"), Models = [new ModelCard("m")] };
        var facts = new WorkerFacts { Mode = ConnectionMode.Http, Runtime = EngineRuntime.SgLang, Models = [new ModelCard("m")] };
        // Not a random id: nothing may differ between two runs.
        var id = new WorkerId(new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]));
        Views = [.. Enumerable.Range(0, gateways).Select(_ => new Worker(id, number, 1, spec, facts, BreakerSettings.Default, time))];
    }

    /// <summary>What each gateway holds of it.</summary>
    public IReadOnlyList<Worker> Views { get; }

    private int Load => Views.Sum(static view => view.Load);

    public InFlightMeter InFlight { get; }

    /// <summary>Requests sent while it counted.</summary>
    public int Requests { get; set; }

    public long TokensGenerated => _stats.CompletionTokens;

    public void SlowDown(double factor) => _engine.SlowDown(factor);

    /// <summary>Hands over a call, the lease of which is held.</summary>
    public void Submit(Transit transit, Call call)
    {
        InFlight.Set(Load);
        var answer = new Answer { Tokens = call.Answer, Pieces = [], FinishReason = "stop" };
        transit.Generation = _engine.Submit(transit.Session.Key, call.Prompt, [answer]);
        _transits.Add(transit);
    }

    /// <summary>What the load monitor would have read from <c>/v1/loads</c>; the engine says as much as the simulated SGLang does.</summary>
    public void Report()
    {
        var load = _engine.Load;
        foreach (var view in Views)
        {
            view.Report(new LoadReport
            {
                Running = load.Running,
                Waiting = load.Waiting,
                QueuedTokens = load.WaitingTokens,
                UsedTokens = load.UsedTokens,
                CapacityTokens = load.CapacityTokens,
                KvUsage = load.Usage,
                Timestamp = _time.GetTimestamp(),
                InFlight = view.Load,
            });
        }
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>After a step of the engine: who has the first token, who is done.</summary>
    private void Look()
    {
        for (var i = 0; i < _transits.Count; i++)
        {
            var transit = _transits[i];
            var generation = transit.Generation!;
            if (transit.FirstToken is null && generation.Sequences[0].Emitted > 0)
            {
                transit.FirstToken = _time.Now;
                transit.CachedTokens = generation.CachedTokens;
                transit.Lease.EndPrefill();
            }

            if (generation.End == GenerationEnd.NotYet)
                continue;
            _transits.RemoveAt(i--);
            transit.Generation = null;
            transit.Lease.Release(AttemptOutcome.Success);
            InFlight.Set(Load);
            _ended(transit);
        }
    }
}
