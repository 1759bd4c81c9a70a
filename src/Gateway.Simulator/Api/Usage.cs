using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>OpenAI's account of the tokens of a request.</summary>
internal static class Usage
{
    /// <param name="generations">One for each prompt.</param>
    public static void WriteUsage(this Utf8JsonWriter json, IReadOnlyList<Generation> generations) => json.WriteUsage(
        generations.Sum(static generation => generation.Prompt.Length),
        generations.Sum(static generation => generation.CompletionTokens),
        generations.Sum(static generation => generation.CachedTokens));

    public static void WriteUsage(this Utf8JsonWriter json, int promptTokens, int completionTokens, int cachedTokens)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", promptTokens);
        json.WriteNumber("completion_tokens", completionTokens);
        json.WriteNumber("total_tokens", promptTokens + completionTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", cachedTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
