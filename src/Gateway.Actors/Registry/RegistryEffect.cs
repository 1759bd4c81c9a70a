using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>What is to be done once a transition has been published.</summary>
internal abstract record RegistryEffect
{
    /// <summary>Give this incarnation an actor.</summary>
    public sealed record Start(Worker Worker) : RegistryEffect;

    /// <summary>End the incarnation's actor.</summary>
    public sealed record Stop(Worker Worker) : RegistryEffect;

    /// <summary>Let no new request in; the client goes when the last one has left.</summary>
    public sealed record Close(Worker Worker) : RegistryEffect;

    /// <summary>Have the actor wait for the last request, at most so long.</summary>
    public sealed record BeginDrain(Worker Worker, TimeSpan Deadline) : RegistryEffect;

    /// <summary>Tell who keeps the registrations.</summary>
    public sealed record Record(RegistryProtocol.Recorded Recorded) : RegistryEffect;

    /// <summary>Give the actor its worker's edited settings.</summary>
    public sealed record Retune(Worker Worker) : RegistryEffect;
}

/// <summary>One step of the registry: where it leads, what to do, and what to answer (null for reports, which nobody waits on).</summary>
internal readonly record struct RegistryTransition(
    RegistryState State,
    IReadOnlyList<RegistryEffect> Effects,
    RegistryProtocol.IReply? Reply);
