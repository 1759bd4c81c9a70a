using System.Diagnostics;
using Gateway.Actors.Engines;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>What has happened to the fleet since the gateway started: numbers that only grow, written by actors, read by whoever looks.</summary>
public sealed class FleetCounts
{
    private readonly AtomicCounter[] _joined = Make<WorkerOrigin>();
    private readonly AtomicCounter[] _left = Make<WorkerOrigin>();
    private readonly AtomicCounter[][] _probes = [.. Enum.GetValues<WorkerRole>().Select(static _ => Make<ProbeOutcome>())];
    private readonly AtomicCounter _publishing = new();

    /// <summary>Time that the registry has spent on making and publishing snapshots.</summary>
    public TimeSpan Publishing => Stopwatch.GetElapsedTime(0, _publishing.Value);

    /// <summary>Workers that were registered.</summary>
    public long Joined(WorkerOrigin origin) => _joined[(int)origin].Value;

    /// <summary>Workers that are gone: removed, or drained to their end.</summary>
    public long Left(WorkerOrigin origin) => _left[(int)origin].Value;

    /// <summary>Health checks, and attempts to connect.</summary>
    public long Probes(WorkerRole role, ProbeOutcome outcome) => _probes[(int)role][(int)outcome].Value;

    internal void Join(WorkerOrigin origin) => _joined[(int)origin].Add(1);

    internal void Leave(WorkerOrigin origin) => _left[(int)origin].Add(1);

    internal void Probe(WorkerRole role, ProbeOutcome outcome) => _probes[(int)role][(int)outcome].Add(1);

    /// <param name="since">When it was begun, as a timestamp.</param>
    internal void Publish(long since) => _publishing.Add(Stopwatch.GetTimestamp() - since);

    private static AtomicCounter[] Make<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(static _ => new AtomicCounter())];
}
