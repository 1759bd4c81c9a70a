namespace Gateway.Actors.Workers;

/// <summary>
/// What an operator or a discovery source says of a worker. Two equal specs are the same registration;
/// a different spec on a URL that is taken is a conflict.
/// </summary>
public sealed record WorkerSpec
{
    public required WorkerUrl Url { get; init; }

    /// <summary>Unspecified lets the gateway find out from the engine.</summary>
    public EngineRuntime Runtime { get; init; }

    public WorkerRole Role { get; init; }

    /// <summary>
    /// The models it serves. Empty lets the gateway ask the engine, and the worker stays unroutable until it answers;
    /// a card with id <c>*</c> serves any model.
    /// </summary>
    public EquatableArray<ModelCard> Models { get; init; }

    public Labels Labels { get; init; } = Labels.None;

    /// <summary>Relative preference among workers of a model, higher is preferred.</summary>
    public int Priority { get; init; } = 50;

    /// <summary>Relative cost of a request on this worker, 1.0 is normal.</summary>
    public double Cost { get; init; } = 1.0;

    /// <summary>Sent to the engine as a bearer token instead of the client's; never shown.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>
    /// What a worker that is spoken to over TLS is called: its certificate must name it, and requests are addressed to it. Null takes the
    /// host of its URL.
    /// </summary>
    public string? ServerName { get; init; }

    /// <summary>Port of the prefill engine's bootstrap server, for disaggregated serving.</summary>
    public int? BootstrapPort { get; init; }

    public int? DataParallelSize { get; init; }

    public HealthOverrides? Health { get; init; }

    public BreakerOverrides? Breaker { get; init; }

    public RetryOverrides? Retry { get; init; }

    /// <summary>
    /// True if a worker that has this spec cannot take <paramref name="next"/> without connecting and discovering anew.
    /// </summary>
    public bool NeedsNewIncarnation(WorkerSpec next) =>
        Url != next.Url
        || Runtime != next.Runtime
        || Role != next.Role
        || ServerName != next.ServerName
        || Models != next.Models
        || BootstrapPort != next.BootstrapPort
        || DataParallelSize != next.DataParallelSize
        || Breaker != next.Breaker;
}
