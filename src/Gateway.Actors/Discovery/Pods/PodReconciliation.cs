using System.Collections.Immutable;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Discovery.Pods;

/// <summary>What separates the fleet from the pods there are.</summary>
/// <param name="Commands">What to tell the registry, in this order.</param>
/// <param name="Followed">What to hand in the next time.</param>
/// <param name="Foreign">Workers at the place of a pod that somebody else has registered; they are left alone.</param>
internal sealed record PodReconciliation(
    IReadOnlyList<ICommand> Commands,
    ImmutableDictionary<PodPlace, FollowedPod> Followed,
    IReadOnlyList<WorkerEntry> Foreign)
{
    public const string LeavingReason = "its pod is being terminated";
    public const string NotReadyReason = "its pod is not ready";
    public const string GoneReason = "its pod is gone";

    public static ImmutableDictionary<PodPlace, FollowedPod> NothingFollowed { get; } = ImmutableDictionary<PodPlace, FollowedPod>.Empty;

    /// <summary>Looks at workers of <see cref="WorkerOrigin.Kubernetes"/> and of one role only.</summary>
    /// <param name="snapshot">The fleet, with every earlier command.</param>
    /// <param name="pods">The pods there are.</param>
    /// <param name="role">Of these pods.</param>
    /// <param name="followed">
    /// What was found in the registry before. A worker that is missing now was taken away by an operator, and one that
    /// differs was edited by one: both hold for as long as its pod says nothing new.
    /// </param>
    public static PodReconciliation Between(
        RegistrySnapshot snapshot, PodSet pods, WorkerRole role, ImmutableDictionary<PodPlace, FollowedPod> followed)
    {
        var present = snapshot.Workers.Values.ToDictionary(static entry => entry.Worker.Spec.Url.Place, StringComparer.Ordinal);
        var wanted = pods.Wanted();
        var commands = new List<ICommand>();
        var foreign = new List<WorkerEntry>();
        var next = NothingFollowed.ToBuilder();
        foreach (var (place, spec) in wanted)
        {
            var pod = new PodPlace(UidOf(spec)!, place);
            var before = followed.GetValueOrDefault(pod);
            switch (present.GetValueOrDefault(place))
            {
                case null when before is null:
                    commands.Add(new Register(spec, WorkerOrigin.Kubernetes));
                    break;
                case null:
                    next[pod] = before;
                    break;
                case { Origin: not WorkerOrigin.Kubernetes } entry:
                    foreign.Add(entry);
                    break;
                case { State: WorkerState.Draining } entry when IsOurs(entry.Reason):
                    // The pod is back, or another one has its address. What still runs on the old incarnation ends by itself.
                    commands.Add(new Remove(entry.Worker.Id));
                    commands.Add(new Register(spec, WorkerOrigin.Kubernetes));
                    break;
                case { Worker: var worker } when worker.Spec.Role != role && !Is(worker, pod, before):
                    // Another selector's: it is drained by whoever follows that.
                    break;
                case { Worker: var worker } when !Is(worker, pod, before):
                    commands.Add(new Remove(worker.Id));
                    commands.Add(new Register(spec, WorkerOrigin.Kubernetes));
                    break;
                case { State: WorkerState.Draining } entry:
                    next[pod] = new FollowedPod(entry.Worker.Id, spec);
                    break;
                case { Worker: var worker } when worker.Spec == spec || before?.Told == spec:
                    next[pod] = new FollowedPod(worker.Id, spec);
                    break;
                case { Worker: var worker }:
                    commands.Add(new Replace(worker.Id, spec, worker.Revision));
                    break;
            }
        }

        foreach (var entry in present.Values)
        {
            var worker = entry.Worker;
            if (entry is { Origin: WorkerOrigin.Kubernetes, State: not WorkerState.Draining }
                && worker.Spec.Role == role
                && !wanted.ContainsKey(worker.Spec.Url.Place))
            {
                commands.Add(new Drain(worker.Id, Reason: ReasonOf(pods, worker)));
            }
        }

        return new PodReconciliation(commands, next.ToImmutable(), foreign);
    }

    private static bool Is(Worker worker, PodPlace pod, FollowedPod? before) => UidOf(worker.Spec) == pod.Uid || before?.Id == worker.Id;

    private static string? UidOf(WorkerSpec spec) => spec.Labels[PodReader.UidLabel];

    private static bool IsOurs(string reason) => reason is LeavingReason or NotReadyReason or GoneReason;

    private static string ReasonOf(PodSet pods, Worker worker) =>
        UidOf(worker.Spec) is { } uid && pods.Pods.TryGetValue(uid, out var pod)
            ? pod.State == PodState.Leaving ? LeavingReason : NotReadyReason
            : GoneReason;
}

/// <summary>A worker's place in one particular pod.</summary>
internal readonly record struct PodPlace(string Uid, string Place);

/// <summary>A worker that the registry has, or had, for a pod.</summary>
/// <param name="Id">Its id there.</param>
/// <param name="Told">What its pod said when it was found there.</param>
internal sealed record FollowedPod(WorkerId Id, WorkerSpec Told);
