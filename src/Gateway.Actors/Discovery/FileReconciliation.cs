using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Discovery;

/// <summary>What separates the fleet from what a workers file says.</summary>
/// <param name="Commands">What to tell the registry.</param>
/// <param name="Waiting">Workers of the file whose predecessors on the same URL are still being drained.</param>
/// <param name="Foreign">Workers of the file whose URL somebody else has registered; they are left alone.</param>
internal sealed record FileReconciliation(
    IReadOnlyList<ICommand> Commands,
    IReadOnlyList<WorkerUrl> Waiting,
    IReadOnlyList<WorkerEntry> Foreign)
{
    private const string DrainReason = "the workers file no longer lists it";

    /// <summary>True if nothing is left to do.</summary>
    public bool IsDone => Commands.Count == 0 && Waiting.Count == 0;

    /// <summary>Looks at workers of <see cref="WorkerOrigin.File"/> only.</summary>
    public static FileReconciliation Between(RegistrySnapshot snapshot, EquatableArray<WorkerSpec> wanted)
    {
        var present = snapshot.Workers.Values.ToDictionary(static entry => entry.Worker.Spec.Url.Place, StringComparer.Ordinal);
        var commands = new List<ICommand>();
        var waiting = new List<WorkerUrl>();
        var foreign = new List<WorkerEntry>();
        foreach (var spec in wanted)
        {
            switch (present.GetValueOrDefault(spec.Url.Place))
            {
                case null:
                    commands.Add(new Register(spec, WorkerOrigin.File));
                    break;
                case { State: WorkerState.Draining }:
                    waiting.Add(spec.Url);
                    break;
                case { Origin: not WorkerOrigin.File } entry:
                    foreign.Add(entry);
                    break;
                case { Worker: var worker } when worker.Spec.Url != spec.Url:
                    // A worker keeps its URL for life. The next round registers the new one.
                    commands.Add(new Drain(worker.Id, Reason: DrainReason));
                    break;
                case { Worker: var worker } when worker.Spec != spec:
                    commands.Add(new Replace(worker.Id, spec, worker.Revision));
                    break;
            }
        }

        var places = wanted.Select(static spec => spec.Url.Place).ToHashSet(StringComparer.Ordinal);
        commands.AddRange(present.Values
            .Where(entry => entry is { Origin: WorkerOrigin.File, State: not WorkerState.Draining } && !places.Contains(entry.Worker.Spec.Url.Place))
            .Select(static entry => new Drain(entry.Worker.Id, Reason: DrainReason)));
        return new FileReconciliation(commands, waiting, foreign);
    }
}
