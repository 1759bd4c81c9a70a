using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Registrations;

/// <summary>What separates the fleet from what is registered.</summary>
/// <param name="Commands">What to tell the registry.</param>
/// <param name="Unrecorded">Workers that came through the API and are in no registration: their record was lost on the way.</param>
/// <param name="Carried">Removals that have been carried out, of workers that somebody else than the API has told of.</param>
internal sealed record RegistrationReconciliation(
    IReadOnlyList<ICommand> Commands,
    IReadOnlyList<Recorded> Unrecorded,
    IReadOnlyList<Registration> Carried)
{
    /// <param name="snapshot">The fleet.</param>
    /// <param name="registrations">What is registered.</param>
    /// <param name="isNews">
    /// True for the removal of a worker that somebody else than the API has told of, if it has not been carried out: its source may have
    /// told of it again, and then it is to stay.
    /// </param>
    public static RegistrationReconciliation Between(
        RegistrySnapshot snapshot, RegistrationMap registrations, Func<Registration, bool> isNews)
    {
        var commands = new List<ICommand>();
        var carried = new List<Registration>();
        foreach (var registration in registrations.ByPlace.Values)
        {
            var entry = snapshot.Workers.GetValueOrDefault(WorkerId.Of(registration.Url));
            if (registration.Spec is { } spec)
            {
                if (CommandFor(entry, spec, registration.Revision) is { } command)
                    commands.Add(command);
            }
            else if (registration.Removal is { } removal && (entry is null || entry.Origin != WorkerOrigin.Api) && isNews(registration))
            {
                carried.Add(registration);
                if (entry is { State: not WorkerState.Draining })
                    commands.Add(CommandFor(entry, removal));
            }
            else if (entry is { State: not WorkerState.Draining, Origin: WorkerOrigin.Api })
            {
                commands.Add(CommandFor(entry, registration.Removal!));
            }
        }

        return new RegistrationReconciliation(
            commands,
            [.. snapshot.Workers.Values
                .Where(entry => entry is { Origin: WorkerOrigin.Api, State: not WorkerState.Draining }
                    && !registrations.ByPlace.ContainsKey(entry.Worker.Spec.Url.Place))
                .OrderBy(static entry => entry.Ordinal)
                .Select(static entry => new Recorded(entry.Worker.Spec.Url, entry.Worker.Revision, entry.Worker.Spec))],
            carried);
    }

    /// <summary>A worker that drains must be gone before it can come again; one that others have told of is theirs.</summary>
    private static ICommand? CommandFor(WorkerEntry? entry, WorkerSpec spec, long revision) => entry switch
    {
        null => new Register(spec, WorkerOrigin.Api, revision),
        { State: WorkerState.Draining } or { Origin: not WorkerOrigin.Api } => null,
        { Worker: var worker } when worker.Spec == spec && worker.Revision >= revision => null,
        // A worker keeps its URL for life.
        { Worker: var worker } when worker.Spec.Url != spec.Url => new Drain(worker.Id, Reason: "it was registered with another scheme"),
        { Worker: var worker } => new Replace(worker.Id, spec, worker.Revision, revision),
    };

    private static ICommand CommandFor(WorkerEntry entry, Removal removal) => removal.AtOnce
        ? new Remove(entry.Worker.Id)
        : new Drain(entry.Worker.Id, removal.Drain, removal.Reason);
}
