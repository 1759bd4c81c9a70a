using Gateway.Wire.SgLang;

namespace Gateway.Actors.Engines.SgLang;

/// <summary>Reads SGLang's loads, one for each data-parallel rank.</summary>
internal static class SgLangLoads
{
    public static EngineLoadReport Read(GetLoadsResponse message) => EngineLoadReader.FromRanks(message.Loads.Select(static load =>
    {
        var fields = EngineLoadFields.Of(
            load.DpRank, load.NumRunningReqs, load.NumWaitingReqs, load.NumUsedTokens, load.MaxTotalNumTokens, load.TokenUsage, load.GenThroughput,
            load.MaxRunningRequests);
        fields["num_waiting_uncached_tokens"] = EngineLoadFields.Json(load.NumWaitingUncachedTokens);
        fields["cache_hit_rate"] = EngineLoadFields.Json(load.CacheHitRate);
        fields["utilization"] = EngineLoadFields.Json(load.Utilization);
        return fields;
    }));

    public static int? MaxRunningRequests(GetLoadsResponse? message) =>
        message is null ? null : EngineLoadFields.Sum(message.Loads.Select(static load => load.MaxRunningRequests));
}
