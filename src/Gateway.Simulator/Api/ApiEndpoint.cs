namespace Gateway.Simulator.Api;

internal enum EndpointKind
{
    Probe,
    Request,
    Admin,
}

/// <summary>What is at a path.</summary>
internal sealed record ApiEndpoint(EndpointKind Kind, string[] Methods, Func<Exchange, Task> HandleAsync)
{
    /// <summary>False where real engines answer without their API key.</summary>
    public bool NeedsKey { get; init; } = true;

    /// <summary>True if it answers 503 while the model is being loaded.</summary>
    public bool NeedsModel { get; init; } = true;

    public static ApiEndpoint Probe(Func<Exchange, Task> handle) => new(EndpointKind.Probe, ["GET"], handle);

    public static ApiEndpoint Post(Func<Exchange, Task> handle) => new(EndpointKind.Request, ["POST"], handle);
}
