using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>Breaks engines and heals them again, in an order drawn from a seed; never more than so many are broken at a time.</summary>
internal sealed class FaultSchedule(IReadOnlyList<SimulatedWorker> engines, int mostFaulty, Random random)
{
    private readonly List<SimulatedWorker> _faulty = [];
    private readonly Dictionary<string, int> _injected = [];

    /// <summary>Requests that were left without an answer, at most.</summary>
    public int Silences { get; private set; }

    public async Task StepAsync()
    {
        if (_faulty.Count == mostFaulty || (_faulty.Count > 0 && random.Next(3) == 0))
            await HealAsync(_faulty[0]);
        var engine = engines[random.Next(engines.Count)];
        if (_faulty.Contains(engine))
            return;
        _faulty.Add(engine);
        await BreakAsync(engine);
    }

    public async Task HealAllAsync()
    {
        while (_faulty.Count > 0)
            await HealAsync(_faulty[0]);
    }

    public override string ToString() => string.Join(' ', _injected.OrderBy(static pair => pair.Key).Select(static pair => $"{pair.Key}×{pair.Value}"));

    private async Task BreakAsync(SimulatedWorker engine)
    {
        var faults = engine.Faults;
        switch (random.Next(9))
        {
            case 0:
                Silences += 2;
                faults.Hang(2);
                Note("hang");
                break;
            case 1:
                faults.SlowDown(5);
                Note("slow");
                break;
            case 2:
                faults.FailRequests(random.GetItems([500, 502, 504, 408], 1)[0]);
                Note("5xx");
                break;
            case 3:
                faults.FailRequests(429, retryAfter: TimeSpan.FromSeconds(1));
                Note("429");
                break;
            case 4:
                faults.FailRequests(503, share: 0.5);
                Note("503");
                break;
            case 5:
                faults.CutAfterEvents(random.Next(4), share: 0.5);
                Note("cut");
                break;
            case 6:
                // An answer that is no stream has no events: it never comes.
                Silences += 2;
                faults.StallAfterEvents(random.Next(1, 4), requests: 2);
                Note("stall");
                break;
            case 7:
                faults.RefuseConnections();
                Note("refuse");
                break;
            default:
                await engine.CrashAsync();
                Note("crash");
                break;
        }
    }

    private async Task HealAsync(SimulatedWorker engine)
    {
        _faulty.Remove(engine);
        engine.Faults.Clear();
        await engine.ReviveAsync();
    }

    private void Note(string fault) => _injected[fault] = _injected.GetValueOrDefault(fault) + 1;
}
