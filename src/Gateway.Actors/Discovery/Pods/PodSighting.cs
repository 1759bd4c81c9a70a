using Gateway.Actors.Workers;

namespace Gateway.Actors.Discovery.Pods;

/// <summary>A pod as it was seen once.</summary>
/// <param name="Uid">Never given to another pod, unlike its name and its address.</param>
/// <param name="Version">Kubernetes' resource version, which grows with each change of anything; null if it is not a number.</param>
/// <param name="Created">When the pod was made: of two that claim one address, the later one has it.</param>
/// <param name="State">Whether it takes requests.</param>
/// <param name="Workers">The workers in it; none if it takes no requests.</param>
/// <param name="Problem">Why a pod that is ready has no workers, for the operator.</param>
internal sealed record PodSighting(
    string Uid,
    ulong? Version,
    DateTime Created,
    PodState State,
    EquatableArray<WorkerSpec> Workers,
    string? Problem = null);

/// <summary>Whether a pod takes requests.</summary>
internal enum PodState
{
    Ready,
    NotReady,

    /// <summary>Its deletion has begun, or it has ended: evicted, failed or done.</summary>
    Leaving,
}
