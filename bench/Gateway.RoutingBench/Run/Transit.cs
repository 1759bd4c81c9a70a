using Gateway.Actors.Workers;
using Gateway.Simulator.Engine;

namespace Gateway.RoutingBench.Run;

/// <summary>A call on its way through a worker.</summary>
internal sealed class Transit(Session session, int promptTokens, TimeSpan sent)
{
    // Not a property: the lease is a struct that changes in place.
    public WorkerLease Lease;

    public Session Session { get; } = session;

    public int PromptTokens { get; } = promptTokens;

    /// <summary>As the engine reported it with the answer.</summary>
    public int CachedTokens { get; set; }

    public TimeSpan Sent { get; } = sent;

    public TimeSpan? FirstToken { get; set; }

    /// <summary>While it runs; kept for longer, the prompts of a whole run would be.</summary>
    public Generation? Generation { get; set; }
}
