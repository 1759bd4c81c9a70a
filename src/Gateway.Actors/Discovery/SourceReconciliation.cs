using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Discovery;

/// <summary>What separates the fleet from what a source of workers says.</summary>
/// <param name="Commands">What to tell the registry, in this order.</param>
/// <param name="Waiting">Workers of the source whose predecessors on the same URL are still being drained.</param>
/// <param name="Foreign">Workers of the source whose URL somebody else has registered; they are left alone.</param>
internal sealed record SourceReconciliation(
    IReadOnlyList<ICommand> Commands,
    IReadOnlyList<WorkerUrl> Waiting,
    IReadOnlyList<WorkerEntry> Foreign)
{
    /// <summary>True if nothing is left to do.</summary>
    public bool IsDone => Commands.Count == 0 && Waiting.Count == 0;

    /// <summary>Looks at workers of the source only. Whatever it does not list is drained.</summary>
    public static SourceReconciliation Between(RegistrySnapshot snapshot, EquatableArray<WorkerSpec> wanted, SourceTerms terms)
    {
        var places = wanted.Select(static spec => spec.Url.Place).ToHashSet(StringComparer.Ordinal);
        return Between(snapshot, wanted, places.Contains, terms);
    }

    /// <param name="snapshot">The fleet.</param>
    /// <param name="wanted">Workers that are to be there, as they are to be.</param>
    /// <param name="isKept">Says of a place whether its worker stays, also if it is not among the wanted.</param>
    /// <param name="terms">Whose workers these are.</param>
    public static SourceReconciliation Between(
        RegistrySnapshot snapshot, IEnumerable<WorkerSpec> wanted, Predicate<string> isKept, SourceTerms terms)
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
                    commands.Add(new Register(spec, terms.Origin));
                    break;
                case { State: WorkerState.Draining } entry when terms.ReturnsAtOnce && entry.Origin == terms.Origin && entry.Reason == terms.DrainReason:
                    // What still runs on the old incarnation ends by itself.
                    commands.Add(new Remove(entry.Worker.Id));
                    commands.Add(new Register(spec, terms.Origin));
                    break;
                case { State: WorkerState.Draining }:
                    waiting.Add(spec.Url);
                    break;
                case { } entry when entry.Origin != terms.Origin:
                    foreign.Add(entry);
                    break;
                case { Worker: var worker } when worker.Spec.Url != spec.Url:
                    // A worker keeps its URL for life. The next round registers the new one.
                    commands.Add(new Drain(worker.Id, Reason: terms.DrainReason));
                    break;
                case { Worker: var worker } when worker.Spec != spec:
                    commands.Add(new Replace(worker.Id, spec, worker.Revision));
                    break;
            }
        }

        commands.AddRange(present.Values
            .Where(entry => entry.Origin == terms.Origin && entry.State != WorkerState.Draining && !isKept(entry.Worker.Spec.Url.Place))
            .Select(entry => new Drain(entry.Worker.Id, Reason: terms.DrainReason)));
        return new SourceReconciliation(commands, waiting, foreign);
    }
}

/// <summary>Whose workers a source looks after, and how it lets them go.</summary>
/// <param name="Origin">Workers of another one are left alone.</param>
/// <param name="DrainReason">For the operator who finds a worker draining.</param>
/// <param name="ReturnsAtOnce">A worker that the source drains, and then lists again, does not wait for the requests that still run on it.</param>
internal sealed record SourceTerms(WorkerOrigin Origin, string DrainReason, bool ReturnsAtOnce = false)
{
    public static SourceTerms File { get; } = new(WorkerOrigin.File, "the workers file no longer lists it");

    /// <summary>Addresses come back sooner than the drain of a long generation ends.</summary>
    public static SourceTerms Names { get; } = new(WorkerOrigin.Dns, "its name no longer has this address", ReturnsAtOnce: true);
}
