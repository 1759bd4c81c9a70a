using Gateway.Actors.Workers;
using Gateway.RoutingBench.Traces;
using Gateway.Simulator.Engine;

namespace Gateway.RoutingBench.Run;

/// <summary>A call on its way through a worker.</summary>
internal sealed class Transit(Session session, Call call, TimeSpan sent)
{
    // Not a property: the lease is a struct that changes in place.
    public WorkerLease Lease;

    public Session Session { get; } = session;

    public Call Call { get; } = call;

    public TimeSpan Sent { get; } = sent;

    public TimeSpan? FirstToken { get; set; }

    /// <summary>Set as soon as it is submitted.</summary>
    public Generation? Generation { get; set; }
}
