using Gateway.Actors.Engines.Administration;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;
using Gateway.Wire.Common;
using Grpc.Core;

namespace Gateway.Actors.Engines;

/// <summary>
/// What one engine speaks over gRPC. Stateless; a folder for each engine, and a line in <see cref="EngineProtocols"/>. All calls may throw
/// <see cref="RpcException"/>, which the caller maps.
/// </summary>
internal interface IEngineProtocol
{
    EngineRuntime Runtime { get; }

    /// <summary>What operators can ask of it; null if nothing.</summary>
    IEngineAdministration? Administration => null;

    /// <summary>How two of these engines do a generation in halves; null if they cannot.</summary>
    IPairing? Pairing => null;

    /// <summary>Asks the engine itself how it is.</summary>
    /// <returns>Null if it is well, else what it says.</returns>
    Task<string?> CheckHealthAsync(CallInvoker channel, CallOptions options);

    /// <summary>Asks what the engine is and serves.</summary>
    /// <exception cref="RpcException">With <see cref="StatusCode.Unimplemented"/> if it is another engine.</exception>
    Task<WorkerFacts> DiscoverAsync(CallInvoker channel, CallOptions options);

    /// <summary>Starts a generation.</summary>
    /// <exception cref="EngineException">The engine cannot do what is asked.</exception>
    EngineStream Generate(CallInvoker channel, GenerationRequest request, EngineDefaults defaults, CallOptions options);

    /// <summary>Has a text embedded, classified or scored.</summary>
    /// <exception cref="EngineException">The engine cannot do what is asked.</exception>
    Task<EmbeddingResult> EmbedAsync(CallInvoker channel, EmbeddingRequest request, CallOptions options);

    Task AbortAsync(CallInvoker channel, IReadOnlyList<string> requestIds, CallOptions options);

    /// <summary>Asks the engine how busy it is.</summary>
    Task<EngineLoadReport> ReadLoadAsync(CallInvoker channel, CallOptions options) =>
        Task.FromResult(EngineLoadReport.Unknown("the engine does not tell its load over gRPC"));

    /// <summary>Asks for the tokenizer's files, as a ZIP.</summary>
    AsyncServerStreamingCall<GetTokenizerChunk> GetTokenizer(CallInvoker channel, CallOptions options);

    /// <summary>Follows what the engine puts into its KV cache and takes out.</summary>
    /// <param name="channel">To the engine.</param>
    /// <param name="from">The first sequence number wanted; 0 for all that the engine still has.</param>
    /// <param name="options">Of the call.</param>
    AsyncServerStreamingCall<KvEventBatch> SubscribeKvEvents(CallInvoker channel, ulong from, CallOptions options);
}
