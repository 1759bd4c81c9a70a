using Gateway.Actors.Registrations;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Registry;

/// <summary>
/// What of a command is to be kept over a restart and told to other gateways: that a worker was registered through the API, edited or taken
/// away, or that an operator took any worker away. What discovery finds is not: every gateway discovers for itself.
/// </summary>
internal static class RecordedChange
{
    /// <returns>Null if nothing is to be kept.</returns>
    public static Recorded? Of(ICommand command, RegistryState before, RegistryTransition step) => step.Reply is Accepted { Changed: true } accepted
        ? command switch
        {
            Register or Replace or Update => OfPresent(step.State.Workers[accepted.Id]),
            Drain drain => OfRemoved(before.Workers[accepted.Id], drain.Everywhere, new Removal(drain.Deadline, AtOnce: false, drain.Reason)),
            Remove remove => OfRemoved(before.Workers[accepted.Id], remove.Everywhere, new Removal(Drain: null, AtOnce: true, "an operator removed it")),
            _ => null,
        }
        : null;

    private static Recorded? OfPresent(WorkerEntry entry) => entry.Origin == WorkerOrigin.Api
        ? new Recorded(entry.Worker.Spec.Url, entry.Worker.Revision, entry.Worker.Spec)
        : null;

    private static Recorded? OfRemoved(WorkerEntry entry, bool everywhere, Removal removal) => everywhere || entry.Origin == WorkerOrigin.Api
        ? new Recorded(entry.Worker.Spec.Url, entry.Worker.Revision, Spec: null, removal)
        : null;
}
