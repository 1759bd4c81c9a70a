using System.Text.Json;

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
}
