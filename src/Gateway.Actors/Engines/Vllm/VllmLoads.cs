using Gateway.Wire.Vllm;

namespace Gateway.Actors.Engines.Vllm;

/// <summary>Reads vLLM's loads, one for each data-parallel rank.</summary>
internal static class VllmLoads
{
    public static EngineLoadReport Read(GetLoadsResponse message) => EngineLoadReader.FromRanks(message.Loads.Select(static load =>
    {
        var fields = EngineLoadFields.Of(
            load.DpRank, load.NumRunningReqs, load.NumWaitingReqs, load.NumUsedTokens, load.MaxTotalNumTokens, load.TokenUsage, load.GenThroughput,
            load.MaxRunningRequests);
        fields["cache_hit_rate"] = EngineLoadFields.Json(load.CacheHitRate);
        fields["utilization"] = EngineLoadFields.Json(load.Utilization);
        return fields;
    }));

    public static int? MaxRunningRequests(GetLoadsResponse? message) =>
        message is null ? null : EngineLoadFields.Sum(message.Loads.Select(static load => load.MaxRunningRequests));
}
