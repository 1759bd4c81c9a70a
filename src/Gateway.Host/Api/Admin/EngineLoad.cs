using System.Text.Json;

namespace Gateway.Host.Api.Admin;

/// <summary>What an engine says of its load.</summary>
/// <param name="UsedTokens">Tokens in its KV cache, over all ranks; -1 if it does not say.</param>
/// <param name="Ranks">One object for each data-parallel rank, with the field names of SGLang; empty if it does not say.</param>
/// <param name="Failure">Why nothing is known; null if something is.</param>
internal sealed record EngineLoad(long UsedTokens, IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> Ranks, string? Failure = null)
{
    public static EngineLoad Unknown(string reason) => new(-1, [], reason);
}
