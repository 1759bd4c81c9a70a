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
    /// <summary>True if nothing is left to do.</summary>
    public bool IsDone => Commands.Count == 0 && Waiting.Count == 0;

    /// <summary>Looks at workers of <see cref="WorkerOrigin.File"/> only.</summary>
    public static FileReconciliation Between(RegistrySnapshot snapshot, EquatableArray<WorkerSpec> wanted)
    {
        var present = snapshot.Workers.Values.ToDictionary(static entry => entry.Worker.Spec.Url);
        var commands = new List<ICommand>();
        var waiting = new List<WorkerUrl>();
        var foreign = new List<WorkerEntry>();
        foreach (var spec in wanted)
        {
            switch (present.GetValueOrDefault(spec.Url))
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
                case { Worker: var worker } when worker.Spec != spec:
                    commands.Add(new Replace(worker.Id, spec, worker.Revision));
                    break;
            }
        }

        var urls = wanted.Select(static spec => spec.Url).ToHashSet();
        commands.AddRange(present.Values
            .Where(entry => entry is { Origin: WorkerOrigin.File, State: not WorkerState.Draining } && !urls.Contains(entry.Worker.Spec.Url))
            .Select(static entry => new Drain(entry.Worker.Id)));
        return new FileReconciliation(commands, waiting, foreign);
    }
}
