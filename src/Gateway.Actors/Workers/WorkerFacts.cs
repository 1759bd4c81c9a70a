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

    /// <summary>How many data-parallel ranks the engine has, when it tells.</summary>
    public int? DataParallelSize { get; init; }

    /// <summary>How many requests it runs at once before it queues, when it tells; of a rank, its share.</summary>
    public int? MaxRunningRequests { get; init; }

    /// <summary>What an engine that takes tokens told of its model; null if it has not been asked, or takes text.</summary>
    public EngineModelFacts? Model { get; init; }

    /// <summary>What is true of one of the engine's ranks. Engines divide what they run at once evenly, and round down.</summary>
    /// <param name="ranks">How many ranks the engine has; null if nobody knows, and what it told is then taken for the rank's own.</param>
    internal WorkerFacts OfOneRank(int? ranks) => MaxRunningRequests is { } most && ranks > 1
        ? this with { MaxRunningRequests = Math.Max(1, most / ranks.Value) }
        : this;

    /// <summary>
    /// These facts, with what the same engine told before where it now says nothing: a question that failed once does not take
    /// ranks and capacity away.
    /// </summary>
    internal WorkerFacts After(WorkerFacts earlier) => Runtime == earlier.Runtime
        ? this with
        {
            EngineVersion = EngineVersion ?? earlier.EngineVersion,
            DataParallelSize = DataParallelSize ?? earlier.DataParallelSize,
            MaxRunningRequests = MaxRunningRequests ?? earlier.MaxRunningRequests,
            Model = Model ?? earlier.Model,
        }
        : this;
}
