using Grpc.Core;

namespace Gateway.Actors.Engines.Administration;

/// <summary>What operators can ask of an engine that has it. All calls may throw <see cref="RpcException"/>, which the caller maps.</summary>
internal interface IEngineAdministration
{
    /// <param name="channel">To the engine.</param>
    /// <param name="wait">How long the engine may wait for running requests to end.</param>
    /// <param name="options">Of the call.</param>
    Task<EngineAnswer> FlushCacheAsync(CallInvoker channel, TimeSpan wait, CallOptions options);

    Task<EngineAnswer> StartProfileAsync(CallInvoker channel, ProfileSettings settings, CallOptions options);

    Task<EngineAnswer> StopProfileAsync(CallInvoker channel, CallOptions options);

    Task<EngineAnswer> LoadAdapterAsync(CallInvoker channel, LoraAdapter adapter, CallOptions options);

    Task<EngineAnswer> UnloadAdapterAsync(CallInvoker channel, LoraAdapter adapter, CallOptions options);

    Task<EngineAnswer> ListAdaptersAsync(CallInvoker channel, CallOptions options);
}
