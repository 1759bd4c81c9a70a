using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;
using Grpc.Core;

namespace Gateway.Actors.Engines;

/// <summary>
/// What one engine speaks over gRPC. Stateless; a folder for each engine, and a line in <see cref="EngineProtocols"/>. All calls may throw
/// <see cref="RpcException"/>, which the caller maps.
/// </summary>
internal interface IEngineProtocol
{
    EngineRuntime Runtime { get; }

    /// <summary>Asks the engine itself how it is.</summary>
    /// <returns>Null if it is well, else what it says.</returns>
    Task<string?> CheckHealthAsync(CallInvoker channel, CallOptions options);

    /// <summary>Asks what the engine is and serves.</summary>
    /// <exception cref="RpcException">With <see cref="StatusCode.Unimplemented"/> if it is another engine.</exception>
    Task<WorkerFacts> DiscoverAsync(CallInvoker channel, CallOptions options);

    /// <summary>Starts a generation.</summary>
    /// <exception cref="EngineException">The engine cannot do what is asked.</exception>
    EngineStream Generate(CallInvoker channel, GenerationRequest request, EngineDefaults defaults, CallOptions options);

    Task<EmbeddingResult> EmbedAsync(CallInvoker channel, string requestId, ReadOnlyMemory<int> tokens, CallOptions options);

    Task AbortAsync(CallInvoker channel, IReadOnlyList<string> requestIds, CallOptions options);
}
