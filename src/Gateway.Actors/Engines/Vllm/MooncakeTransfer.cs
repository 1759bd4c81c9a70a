using System.Text.Json.Serialization;

namespace Gateway.Actors.Engines.Vllm;

/// <summary>What vLLM's Mooncake connector tells a decode worker of where the prompt's cache is.</summary>
/// <param name="DoRemoteDecode">False for a decode worker.</param>
/// <param name="DoRemotePrefill">True for a decode worker.</param>
/// <param name="TransferId">Which the prefill worker was told too.</param>
/// <param name="RemoteEngineId">The prefill worker's name among connectors.</param>
/// <param name="RemoteBootstrapAddr">URL of the prefill worker's bootstrap server.</param>
internal sealed record MooncakeTransfer(
    bool DoRemoteDecode, bool DoRemotePrefill, string TransferId, string RemoteEngineId, string RemoteBootstrapAddr);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MooncakeTransfer))]
internal sealed partial class VllmPairingJson : JsonSerializerContext;
