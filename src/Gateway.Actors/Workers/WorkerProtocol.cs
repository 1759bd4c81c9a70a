using Gateway.Actors.Engines;

namespace Gateway.Actors.Workers;

/// <summary>
/// What a <see cref="WorkerActor"/> understands. It tells its parent the reports in <see cref="Registry.RegistryProtocol"/>.
/// </summary>
internal static class WorkerProtocol
{
    /// <summary>The request path suspects the connection: probe now.</summary>
    public sealed record ProbeNow
    {
        public static ProbeNow Instance { get; } = new();
    }

    /// <summary>The engine may serve something else than before: ask it, also if it is not probed otherwise.</summary>
    public sealed record AskAgain
    {
        public static AskAgain Instance { get; } = new();
    }

    public sealed record Retune(Worker Worker);

    /// <param name="Worker">The incarnation with all its ranks.</param>
    /// <param name="Deadline">When to stop waiting for their requests.</param>
    public sealed record Drain(Worker Worker, TimeSpan Deadline);

    /// <summary>To itself: the connection was made.</summary>
    public sealed record Connected(EngineClient Client, ProbeResult Result);

    /// <summary>To itself: a connection could not be made.</summary>
    public sealed record ConnectFailed(ProbeResult Result);

    /// <summary>To itself: a probe ended.</summary>
    public sealed record Probed(ProbeResult Result);

    /// <summary>To itself: time for the next connection attempt or probe.</summary>
    public sealed record Due
    {
        public static Due Instance { get; } = new();
    }

    /// <summary>To itself: time to ask the engine for its load.</summary>
    public sealed record LoadDue
    {
        public static LoadDue Instance { get; } = new();
    }

    /// <summary>To itself: the engine told its load, and that of the ranks it is served by; or it did not.</summary>
    public sealed record LoadRead(IReadOnlyList<(Worker Worker, EngineLoad Load)> Loads);

    /// <summary>To itself: the engine has no KV events.</summary>
    public sealed record KvEventsUnsupported
    {
        public static KvEventsUnsupported Instance { get; } = new();
    }

    /// <summary>To itself: a subscription to KV events was ended, or failed.</summary>
    public sealed record KvFeedEnded(CancellationTokenSource Feed);

    /// <summary>To itself: the last lease was released, or the deadline has passed.</summary>
    public sealed record DrainEnded
    {
        public static DrainEnded Instance { get; } = new();
    }
}
