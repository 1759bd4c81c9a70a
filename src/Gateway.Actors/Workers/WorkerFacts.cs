namespace Gateway.Actors.Workers;

/// <summary>What the gateway has found out from a worker's engine.</summary>
public sealed record WorkerFacts
{
    public static WorkerFacts Unknown { get; } = new();

    public ConnectionMode Mode { get; init; }

    public EngineRuntime Runtime { get; init; }

    /// <summary>The models the engine says it serves; empty as long as it has not told.</summary>
    public EquatableArray<ModelCard> Models { get; init; }

    /// <summary>The engine's own version, when it tells.</summary>
    public string? EngineVersion { get; init; }

    public int? DataParallelSize { get; init; }

    /// <summary>How many requests the engine runs at once before it queues, when it tells.</summary>
    public int? MaxRunningRequests { get; init; }

    /// <summary>What an engine that takes tokens told of its model; null if it has not been asked, or takes text.</summary>
    public EngineModelFacts? Model { get; init; }
}
