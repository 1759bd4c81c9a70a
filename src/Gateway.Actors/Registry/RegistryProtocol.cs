using Gateway.Actors.Registrations;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>What <c>RegistryActor</c> understands, and what it answers.</summary>
public static class RegistryProtocol
{
    /// <summary>A command about the fleet, answered with <see cref="Accepted"/> or <see cref="Refused"/>.</summary>
    public interface ICommand;

    /// <summary>Adds a worker. The same registration twice is one worker; another spec on its URL is a conflict.</summary>
    /// <param name="Revision">Of a worker that was registered and edited before, elsewhere or before a restart; at least 1.</param>
    public sealed record Register(WorkerSpec Spec, WorkerOrigin Origin, long Revision = 1) : ICommand;

    /// <summary>Replaces a worker's whole spec, the URL excepted.</summary>
    /// <param name="ExpectedRevision">Refused if the worker has another revision by now; null replaces whatever is there.</param>
    /// <param name="Revision">What it has then, if that is more than it has; null is the next one.</param>
    public sealed record Replace(WorkerId Id, WorkerSpec Spec, long? ExpectedRevision = null, long? Revision = null) : ICommand;

    /// <summary>Changes what the patch names, without a new incarnation.</summary>
    public sealed record Update(WorkerId Id, WorkerPatch Patch, long? ExpectedRevision = null) : ICommand;

    /// <summary>Takes the worker out of routing and removes it when its last request ends or the deadline passes. No request is cut off.</summary>
    /// <param name="Deadline">Null takes the worker's own, else the gateway's.</param>
    /// <param name="Reason">For the operator who finds it draining.</param>
    /// <param name="Everywhere">Also at the other gateways of the cluster, whoever told them of the worker: an operator wants it gone.</param>
    public sealed record Drain(
        WorkerId Id, TimeSpan? Deadline = null, string Reason = "an operator asked for it", bool Everywhere = false) : ICommand;

    /// <summary>Removes the worker at once. Its running requests finish on the old incarnation.</summary>
    /// <param name="Everywhere">As with <see cref="Drain"/>.</param>
    public sealed record Remove(WorkerId Id, bool Everywhere = false) : ICommand;

    /// <summary>
    /// Chooses a routing policy. Answered with <see cref="PolicySet"/> or <see cref="Refused"/>. Requests that have read a snapshot
    /// finish on the policy they found there.
    /// </summary>
    /// <param name="Model">Name or alias; null chooses for all models for which nobody chooses another.</param>
    /// <param name="Role">The workers' role; null chooses for all roles.</param>
    /// <param name="Policy">Null takes the choice back.</param>
    public sealed record SetPolicy(string? Model, WorkerRole? Role, string? Policy) : ICommand;

    /// <summary>What a worker's actor reports; counts only if the epoch is still the worker's own.</summary>
    public interface IReport
    {
        WorkerId Id { get; }

        long Epoch { get; }
    }

    public sealed record BecameReady(WorkerId Id, long Epoch, WorkerFacts Facts) : IReport;

    public sealed record BecameNotReady(WorkerId Id, long Epoch, string Reason) : IReport;

    /// <summary>Not routable yet, for a reason that may pass by itself: the engine is loading, or its model is not known.</summary>
    public sealed record StillPending(WorkerId Id, long Epoch, string Reason) : IReport;

    /// <summary>No connection could be made so far; the same incarnation goes on trying.</summary>
    public sealed record Unreachable(WorkerId Id, long Epoch, string Reason) : IReport;

    /// <summary>The connection was lost, and with it this incarnation: nothing will be sent through it any more.</summary>
    public sealed record Failed(WorkerId Id, long Epoch, string Reason) : IReport;

    /// <summary>The actor of the old incarnation has ended and waited: give the worker a new one.</summary>
    public sealed record Reborn(WorkerId Id, long Epoch) : IReport;

    /// <summary>The drain ended.</summary>
    public sealed record Drained(WorkerId Id, long Epoch) : IReport;

    /// <summary>The worker supervisor was restarted and has lost its children: all workers are born anew.</summary>
    public sealed record WorkersLost;

    /// <summary>
    /// The sender keeps the registrations: it is sent a <see cref="Recorded"/> for each change of one that somebody else has asked for.
    /// There is one at a time, the last that said so.
    /// </summary>
    public sealed record KeepRegistrations;

    /// <summary>Sent when it is in a published snapshot.</summary>
    /// <param name="Url">Of the worker.</param>
    /// <param name="Revision">The one it has now; of a removed one, the one it had.</param>
    /// <param name="Spec">Null if it was taken away.</param>
    /// <param name="Removal">How it was taken away; null if it is there.</param>
    public sealed record Recorded(WorkerUrl Url, long Revision, WorkerSpec? Spec, Removal? Removal = null);

    /// <summary>Asks for a snapshot that contains every command sent before; answered with <see cref="RegistrySnapshot"/>.</summary>
    public sealed record GetSnapshot;

    public interface IReply;

    /// <param name="Version">The version of the first snapshot that contains the command; it is published already.</param>
    /// <param name="Changed">False if there was nothing to do.</param>
    public sealed record Accepted(WorkerId Id, long Epoch, long Revision, long Version, bool Changed) : IReply;

    /// <param name="Model">Canonical id; null if it was for all models.</param>
    /// <param name="Version">The version of the first snapshot that contains the choice; it is published already.</param>
    /// <param name="Changed">False if it had been chosen before.</param>
    public sealed record PolicySet(string? Model, long Version, bool Changed) : IReply;

    public sealed record Refused(Refusal Refusal, string Message, WorkerId? Id = null) : IReply;
}

/// <summary>Why the registry refused a command.</summary>
public enum Refusal
{
    UnknownWorker,

    /// <summary>Another spec is registered on the URL.</summary>
    UrlTaken,

    /// <summary>The URL is a rank of an engine that is registered as a whole, or the other way round.</summary>
    EngineTaken,

    /// <summary>The worker is a rank that another worker is served by; the command must name that one.</summary>
    IsRank,

    /// <summary>The worker was edited since the caller looked.</summary>
    RevisionMismatch,

    /// <summary>A replacement must keep the URL.</summary>
    UrlChanged,

    /// <summary>The worker is being drained.</summary>
    Draining,

    /// <summary>No worker serves a model of this name, and nobody has chosen a policy for it.</summary>
    UnknownModel,

    /// <summary>No policy has this name.</summary>
    UnknownPolicy,

    /// <summary>The registry failed on the command; nothing was changed.</summary>
    Faulted,
}

/// <summary>The part of a worker's spec that can be edited in place; null leaves a value as it is.</summary>
public sealed record WorkerPatch
{
    public int? Priority { get; init; }

    public double? Cost { get; init; }

    public Labels? Labels { get; init; }

    public Secret? ApiKey { get; init; }

    public HealthOverrides? Health { get; init; }

    public WorkerSpec Apply(WorkerSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec with
        {
            Priority = Priority ?? spec.Priority,
            Cost = Cost ?? spec.Cost,
            Labels = Labels ?? spec.Labels,
            ApiKey = ApiKey ?? spec.ApiKey,
            Health = Health ?? spec.Health,
        };
    }
}
