using System.Text.Json;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>What an engine says of its load, in its own words.</summary>
/// <param name="UsedTokens">Tokens in its KV cache, over all ranks; -1 if it does not say.</param>
/// <param name="Ranks">One object for each data-parallel rank, with the field names of SGLang; empty if it does not say.</param>
/// <param name="Failure">Why nothing is known; null if something is.</param>
public sealed record EngineLoadReport(long UsedTokens, IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> Ranks, string? Failure = null)
{
    /// <summary>All tokens it has ever prefilled and generated; null if it does not count them.</summary>
    public double? TokensProcessed { get; init; }

    public static EngineLoadReport Unknown(string reason) => new(-1, [], reason);

    /// <summary>What of it is about this worker: all, or if it is one of the engine's ranks, the figures of that rank alone.</summary>
    public EngineLoadReport About(WorkerUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.Rank is not { } rank || Failure is not null)
            return this;
        IReadOnlyDictionary<string, JsonElement>[] own = [.. Ranks.Where(figures => IsOf(figures, rank))];
        return own.Length == 0
            ? Unknown($"the engine does not tell the load of its rank {rank}")
            : new EngineLoadReport(own[0].TryGetValue("num_used_tokens", out var used) && used.TryGetInt64(out var tokens) ? tokens : -1, own);
    }

    private static bool IsOf(IReadOnlyDictionary<string, JsonElement> figures, int rank) =>
        figures.TryGetValue("dp_rank", out var own) && own.ValueKind == JsonValueKind.Number && own.TryGetInt32(out var number) && number == rank;
}
