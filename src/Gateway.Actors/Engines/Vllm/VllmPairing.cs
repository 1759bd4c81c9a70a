using System.Text.Json;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines.Vllm;

/// <summary>
/// vLLM's halves are asked one after the other: the prefill worker for one token, then the decode worker for the whole answer. How the
/// cache is passed on is the business of the prefill worker's connector, which the engine tells, or the label <c>kv_connector</c>.
/// </summary>
internal sealed class VllmPairing : IPairing
{
    /// <summary>Overrides what the engine tells of its connector.</summary>
    public const string ConnectorLabel = "kv_connector";

    /// <summary>Overrides what the engine tells of its name among connectors.</summary>
    public const string EngineIdLabel = "kv_engine_id";

    /// <summary>vLLM's <c>VLLM_MOONCAKE_BOOTSTRAP_PORT</c>.</summary>
    private const int MooncakePort = 8998;

    private const string ForPrefill = """{"do_remote_decode":true,"do_remote_prefill":false}""";

    /// <summary>A request for several choices is not divided at all.</summary>
    public bool DividesChoices => false;

    public PairedRequest? Divide(GenerationRequest request, Worker prefill, Worker decode)
    {
        // Its choices would fetch one cache several times, and the first that has it lets go of it for all.
        if (request.Sampling.Choices > 1)
            return null;
        var connector = prefill.Spec.Labels[ConnectorLabel] ?? prefill.Facts.Model?.KvConnector;
        return connector?.Contains("mooncake", StringComparison.OrdinalIgnoreCase) == true
            ? OverMooncake(request, prefill, decode)
            : Divide(request, prefill, ForPrefill, decode, forDecode: null);
    }

    /// <summary>The gateway names the transfer, and tells the decode worker where to ask for it.</summary>
    private static PairedRequest? OverMooncake(GenerationRequest request, Worker prefill, Worker decode)
    {
        if (EngineId(prefill) is not { } engine)
            return null;
        var transfer = $"xfer-{request.RequestId}";
        return Divide(
            request,
            prefill,
            $$"""{"do_remote_decode":true,"do_remote_prefill":false,"transfer_id":"{{transfer}}"}""",
            decode,
            JsonSerializer.Serialize(
                new MooncakeTransfer(
                    DoRemoteDecode: false,
                    DoRemotePrefill: true,
                    transfer,
                    engine,
                    $"http://{prefill.Spec.Url.Address.Host}:{prefill.Spec.BootstrapPort ?? MooncakePort}"),
                VllmPairingJson.Default.MooncakeTransfer));
    }

    /// <returns>Null if it is not known, or which of its ranks will do it is left to the engine.</returns>
    private static string? EngineId(Worker prefill)
    {
        var engine = prefill.Spec.Labels[EngineIdLabel] ?? prefill.Facts.Model?.KvEngineId;
        if (engine is null || (prefill.Facts.DataParallelSize ?? prefill.Spec.DataParallelSize ?? 1) == 1)
            return engine;
        return prefill.Spec.Url.Rank is { } rank ? $"{engine}_dp{rank}" : null;
    }

    private static PairedRequest Divide(GenerationRequest request, Worker prefill, string forPrefill, Worker decode, string? forDecode) => new(
        request with
        {
            // The token is thrown away, and must not end the answer by itself: only a prefill cut by its length keeps the cache for others.
            Sampling = SamplingSettings.Default with { MaxTokens = 1, IgnoresEndOfText = true },
            Constraint = null,
            Stream = false,
            TopLogprobs = request.PromptLogprobsFrom is null ? null : request.TopLogprobs,
            DataParallelRank = prefill.Spec.Url.Rank,
            KvTransferJson = forPrefill,
        },
        request with
        {
            RequestId = EngineRequestId.New(),
            PromptLogprobsFrom = null,
            DataParallelRank = decode.Spec.Url.Rank,
            KvTransferJson = forDecode,
        },
        IsSequential: true);
}
