using System.Globalization;
using System.Runtime.InteropServices;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.RoutingBench.Clock;
using Gateway.RoutingBench.Fleet;
using Gateway.RoutingBench.Gateways;
using Gateway.RoutingBench.Traces;

namespace Gateway.RoutingBench.Run;

/// <summary>
/// One policy under one load on one fleet, behind one gateway or several. Sessions arrive as a Poisson process, whatever the fleet can do; within a session
/// the next call waits for the answer to the last.
/// </summary>
internal sealed class Simulation : IDisposable
{
    private static readonly TimeSpan _drain = TimeSpan.FromSeconds(30);

    private readonly Scenario _scenario;
    private readonly Trace _trace;
    private readonly int _seed;
    private readonly VirtualTime _time = new();
    private readonly Front _front;
    private readonly RoutedFleet _fleet;
    private readonly Dice _arrivals;
    private readonly double _secondsBetween;
    private readonly List<Transit> _counted = [];
    private int _sessions;

    private Simulation(Scenario scenario, Trace trace, string policy, int seed, FrontPlan plan)
    {
        (_scenario, _trace, _seed) = (scenario, trace, seed);
        // As delivered, but for a smaller table: it would be zeroed for each of hundreds of runs.
        var settings = RoutingSettings.Default with { Manual = new ManualSettings { TableBytes = 4 << 20 } };
        // Zeroed as well. An eighth of it still holds more than any run's prompts.
        settings = settings with { CacheAware = settings.CacheAware with { MemoryBytes = settings.CacheAware.MemoryBytes / plan.Gateways } };
        _front = new Front(plan, policy, settings, seed, _time);
        _fleet = new RoutedFleet(scenario.Workers, _time, _front.Policies, settings.LoadMonitorInterval, Ended);
        _front.Start(_fleet);
        _arrivals = Dice.Of(seed, 0);
        _secondsBetween = trace.Work / (Scenario.Load * scenario.Power);
    }

    public static Measured Run(Scenario scenario, Trace trace, string policy, int seed) => Run(scenario, trace, policy, seed, FrontPlan.Alone);

    public static Measured Run(Scenario scenario, Trace trace, string policy, int seed, FrontPlan plan)
    {
        using var simulation = new Simulation(scenario, trace, policy, seed, plan);
        return simulation.Run();
    }

    public void Dispose() => _fleet.Dispose();

    private Measured Run()
    {
        var (begin, end) = (_scenario.WarmUp, _scenario.Length);
        var third = (end - begin) / 3;
        if (_scenario.HasSlow)
            _fleet.All[^1].SlowDown(Scenario.SlowFactor);
        if (_scenario.HasChurn)
        {
            _time.At(begin + third, _fleet.Add);
            _time.At(begin + (2 * third), _fleet.RemoveFirst);
        }

        PlanArrival();
        _time.RunUntil(begin);
        var tokens = _fleet.TokensGenerated;
        var start = InFlight();
        _time.RunUntil(begin + third);
        var early = InFlight();
        _time.RunUntil(end - third);
        var late = InFlight();
        _time.RunUntil(end);
        tokens = _fleet.TokensGenerated - tokens;
        var last = InFlight();
        _time.RunUntil(end + _drain);

        return Tally.Of(_counted, _time.Now) with
        {
            TokensPerSecond = tokens / (end - begin).TotalSeconds,
            InFlight = Total(start, last) / _scenario.Workers / (end - begin).TotalSeconds,
            Busiest = Busiest(start, last) / (end - begin).TotalSeconds,
            TopShare = _fleet.All.Max(static worker => worker.Requests) * (double)_scenario.Workers / _counted.Count,
            BusiestEarly = Busiest(start, early) / third.TotalSeconds,
            BusiestLate = Busiest(late, last) / third.TotalSeconds,
            BytesPerSecond = _front.BytesSent / _scenario.Length.TotalSeconds / _front.Policies.Count,
            TopGateway = _front.TopShare,
        };
    }

    private double[] InFlight() => [.. _fleet.All.Select(static worker => worker.InFlight.Total)];

    private static double Busiest(double[] from, double[] to) => Growth(from, to).Max();

    private static double Total(double[] from, double[] to) => Growth(from, to).Sum();

    /// <summary>A worker that was not there yet began at nothing.</summary>
    private static IEnumerable<double> Growth(double[] from, double[] to) =>
        to.Select((total, i) => total - (i < from.Length ? from[i] : 0));

    private void PlanArrival() => _time.After(_arrivals.Exponential(_secondsBetween), () =>
    {
        var number = ++_sessions;
        var calls = _trace.Sessions(Dice.Of(_seed, number)).GetEnumerator();
        Continue(new Session(string.Create(CultureInfo.InvariantCulture, $"session-{number}"), calls));
        PlanArrival();
    });

    private void Continue(Session session)
    {
        if (session.Calls.MoveNext() && session.Calls.Current is { } call)
            _time.After(call.Wait, () => Send(session, call));
    }

    private void Send(Session session, Call call)
    {
        if (_time.Now >= _scenario.Length)
            return;
        var transit = new Transit(session, call.Prompt.Length, _time.Now);
        var gateway = _front.Receive(MemoryMarshal.AsBytes(call.Prompt.AsSpan()), out var wait);
        if (wait == TimeSpan.Zero)
            Route(transit, call, gateway);
        else
            _time.After(wait, () => Route(transit, call, gateway));
    }

    private void Route(Transit transit, Call call, int gateway)
    {
        var policy = _front.Policies[gateway];
        // As WorkerPick does it. One thread: the picked worker can't close before the lease.
        ReadOnlySpan<byte> prompt = MemoryMarshal.AsBytes(call.Prompt.AsSpan());
        var hints = policy.ReadsHints ? new RouteHints(transit.Session.Key, null) : RouteHints.None;
        long prefillBytes = prompt.Length;
        var request = new RouteRequest(prompt, hints, in TriedWorkers.None, ref prefillBytes);
        var worker = policy.Pick(_fleet.CandidatesOf(gateway), request) ?? throw new InvalidOperationException("No worker was picked.");
        if (!WorkerLease.TryAcquire(worker, prefillBytes, out transit.Lease))
            throw new InvalidOperationException("The picked worker takes no request.");

        var target = _fleet.Of(worker);
        if (transit.Sent >= _scenario.WarmUp)
        {
            _counted.Add(transit);
            target.Requests++;
        }

        target.Submit(transit, call);
    }

    private void Ended(Transit transit) => Continue(transit.Session);
}
