using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Administration;
using Gateway.Actors.Workers;

namespace Gateway.Host.Api.Admin.Engines;

/// <summary>Something that operators have engines do, in the words of each protocol.</summary>
internal sealed record EngineOperation
{
    /// <summary>For each engine.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Where it is over HTTP, with the engine that it is for.</summary>
    public required Func<EngineRuntime, string> Path { get; init; }

    /// <summary>What is sent there, as JSON; null for nothing.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The same over gRPC, with the time by which the engine is to have answered.</summary>
    public required Func<GrpcEngineClient, DateTime, CancellationToken, Task<EngineAnswer>> OverGrpc { get; init; }
}
