using System.Diagnostics;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>What was wrong with an engine. The engine may feel it at any time between the two timestamps, and at no other.</summary>
internal sealed record Fault(SimulatedWorker Engine, string Kind, long From)
{
    public long To { get; set; } = long.MaxValue;
}

/// <summary>
/// Breaks engines and heals them again, in an order drawn from a seed; never more than so many are broken at a time, and one, drawn as
/// well, never is.
/// </summary>
internal sealed class FaultSchedule
{
    private static readonly string[] Kinds = ["hang", "slow", "5xx", "429", "503", "cut", "stall", "refuse", "crash"];

    private readonly IReadOnlyList<SimulatedWorker> _breakable;
    private readonly int _mostFaulty;
    private readonly Random _random;
    private readonly List<Fault> _present = [];
    private readonly List<Fault> _all = [];

    public FaultSchedule(IReadOnlyList<SimulatedWorker> engines, int mostFaulty, Random random)
    {
        Sound = engines[random.Next(engines.Count)];
        _breakable = [.. engines.Where(engine => engine != Sound)];
        _mostFaulty = mostFaulty;
        _random = random;
    }

    /// <summary>The engine that nothing happens to.</summary>
    public SimulatedWorker Sound { get; }

    public async Task StepAsync()
    {
        if (_present.Count == _mostFaulty || (_present.Count > 0 && _random.Next(3) == 0))
            await HealAsync(_present[0]);
        var engine = _breakable[_random.Next(_breakable.Count)];
        if (_present.Exists(fault => fault.Engine == engine))
            return;
        var fault = new Fault(engine, Kinds[_random.Next(Kinds.Length)], Stopwatch.GetTimestamp());
        _present.Add(fault);
        _all.Add(fault);
        await BreakAsync(fault);
    }

    public async Task HealAllAsync()
    {
        while (_present.Count > 0)
            await HealAsync(_present[0]);
    }

    /// <summary>True if an engine was broken in one of these ways at some time between the two timestamps.</summary>
    public bool Struck(SimulatedWorker engine, long from, long to, params ReadOnlySpan<string> kinds)
    {
        foreach (var fault in _all)
        {
            if (fault.Engine == engine && fault.From <= to && fault.To >= from && kinds.Contains(fault.Kind))
                return true;
        }

        return false;
    }

    public override string ToString() => string.Join(
        ' ', _all.CountBy(static fault => fault.Kind).OrderBy(static pair => pair.Key).Select(static pair => $"{pair.Key}×{pair.Value}"));

    private Task BreakAsync(Fault fault)
    {
        var faults = fault.Engine.Faults;
        switch (fault.Kind)
        {
            case "hang":
                faults.Hang(_random.Next(1, 3));
                break;
            case "slow":
                faults.SlowDown(5);
                break;
            case "5xx":
                faults.FailRequests(_random.GetItems([500, 502, 504, 408], 1)[0]);
                break;
            case "429":
                faults.FailRequests(429, retryAfter: TimeSpan.FromSeconds(1));
                break;
            case "503":
                faults.FailRequests(503, share: 0.5);
                break;
            case "cut":
                faults.CutAfterEvents(_random.Next(4), share: 0.5);
                break;
            case "stall":
                // An answer that is no stream has no events: it never comes.
                faults.StallAfterEvents(_random.Next(1, 4), requests: _random.Next(1, 3));
                break;
            case "refuse":
                faults.RefuseConnections();
                break;
            default:
                return fault.Engine.CrashAsync();
        }

        return Task.CompletedTask;
    }

    private async Task HealAsync(Fault fault)
    {
        fault.Engine.Faults.Clear();
        await fault.Engine.ReviveAsync();
        _present.Remove(fault);
        fault.To = Stopwatch.GetTimestamp();
    }
}
