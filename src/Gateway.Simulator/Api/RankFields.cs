using System.Globalization;
using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>Reads which data-parallel ranks a request is for.</summary>
internal static class RankFields
{
    /// <summary>The engine that the request names, or the one whose turn it is.</summary>
    /// <exception cref="ApiException">There is no such rank.</exception>
    public static SimulatedEngine GetEngine(this JsonElement request, Exchange exchange)
    {
        // SGLang's newer name is routed_dp_rank; it takes the old one still, and prefers a header to both.
        var header = exchange.Request.Headers["x-data-parallel-rank"].ToString();
        var rank = int.TryParse(header, CultureInfo.InvariantCulture, out var number)
            ? number
            : request.GetNumber("routed_dp_rank") ?? request.GetNumber("data_parallel_rank");
        return exchange.GetEngine(rank);
    }

    /// <param name="rank">Null for the one whose turn it is.</param>
    /// <exception cref="ApiException">There is no such rank.</exception>
    public static SimulatedEngine GetEngine(this Exchange exchange, int? rank)
    {
        if (rank is not { } chosen)
            return exchange.Engines.Next();
        return chosen >= 0 && chosen < exchange.Engines.Ranks.Count
            ? exchange.Engines.Ranks[chosen]
            : throw ApiException.Invalid("data_parallel_rank", $"There is no data-parallel rank {chosen}; there are {exchange.Engines.Ranks.Count}.");
    }

    /// <summary>On which rank of the prefill worker a decode worker finds its keys and values; null if the request doesn't say.</summary>
    public static int? GetPrefillRank(this JsonElement request) => request.GetNumber("disagg_prefill_dp_rank");
}
