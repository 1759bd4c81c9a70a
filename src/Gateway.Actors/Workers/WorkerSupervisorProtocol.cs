namespace Gateway.Actors.Workers;

/// <summary>
/// What the registry asks of <see cref="WorkerSupervisor"/>. What the supervisor tells the registry are the reports in
/// <see cref="Registry.RegistryProtocol"/>.
/// </summary>
internal static class WorkerSupervisorProtocol
{
    /// <summary>Gives this incarnation an actor.</summary>
    public sealed record Start(Worker Worker);

    /// <summary>Ends the incarnation's actor, and the wait for its rebirth.</summary>
    public sealed record Stop(WorkerId Id, long Epoch);

    /// <summary>Waits until the incarnation is idle, at most so long, and reports <see cref="Registry.RegistryProtocol.Drained"/>.</summary>
    public sealed record Drain(Worker Worker, TimeSpan Deadline);

    /// <summary>The worker's settings were edited in place.</summary>
    public sealed record Retune(Worker Worker);
}
