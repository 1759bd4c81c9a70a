using Gateway.Actors.Workers;

namespace Gateway.Actors.Discovery.Leases;

/// <summary>
/// What <see cref="LeaseActor"/> understands, and what it answers. Anybody may tell it: times are durations from when a message arrives,
/// so that it can come from a machine whose clock differs.
/// </summary>
public static class LeaseProtocol
{
    public interface ICommand
    {
        WorkerId Id { get; }
    }

    /// <summary>
    /// From now on the worker must renew in time. A lease it has already is replaced. Answered with <see cref="Leased"/>. Only workers that were
    /// registered over the API keep one.
    /// </summary>
    /// <param name="Id">The registry may learn of it later.</param>
    /// <param name="Duration">More than zero.</param>
    /// <param name="Told">What the worker said of itself: saying the same again is a renewal, whatever was edited in between.</param>
    /// <param name="IsHeard">It was told to another gateway.</param>
    public sealed record Grant(WorkerId Id, TimeSpan Duration, WorkerSpec Told, bool IsHeard = false) : ICommand;

    /// <summary>The worker is alive. Answered with <see cref="Leased"/>, or <see cref="NotLeased"/>.</summary>
    /// <param name="Id">Of a worker with a lease.</param>
    /// <param name="Duration">Null for as long as before.</param>
    /// <param name="IsHeard">It was told to another gateway.</param>
    public sealed record Renew(WorkerId Id, TimeSpan? Duration = null, bool IsHeard = false) : ICommand;

    /// <summary>The worker stays without renewals, or is gone. Answered with <see cref="NotLeased"/>.</summary>
    public sealed record Forget(WorkerId Id) : ICommand;

    public interface IReply
    {
        WorkerId Id { get; }
    }

    public sealed record Leased(WorkerId Id, RegistrationLease Lease) : IReply;

    public sealed record NotLeased(WorkerId Id) : IReply;
}

/// <summary>A registration that ends by itself unless it is renewed. Not to be confused with the leases that requests take on workers.</summary>
/// <param name="Duration">From each renewal on.</param>
/// <param name="Expires">When the worker is drained if it does not renew, by this machine's clock.</param>
/// <param name="Told">What the worker said of itself.</param>
/// <param name="IsHeard">Another gateway was told of the last renewal, and told this one.</param>
public sealed record RegistrationLease(TimeSpan Duration, DateTimeOffset Expires, WorkerSpec Told, bool IsHeard = false);
