using System.Text.Json;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>Says in one endpoint's format what an engine made of texts.</summary>
internal abstract class EmbeddingAnswer
{
    /// <param name="json">Gets one object.</param>
    /// <param name="results">One for each text, in the request's order.</param>
    /// <param name="facts">What the engine tells of its model, if it does.</param>
    public abstract void Write(Utf8JsonWriter json, IReadOnlyList<EmbeddingResult> results, EngineModelFacts? facts);

    protected static void WriteUsage(Utf8JsonWriter json, IReadOnlyList<EmbeddingResult> results)
    {
        var tokens = TokensOf(results);
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, tokens);
        json.WriteNumber("total_tokens"u8, tokens);
        json.WriteEndObject();
    }

    public static long TokensOf(IReadOnlyList<EmbeddingResult> results)
    {
        var tokens = 0L;
        for (var i = 0; i < results.Count; i++)
            tokens += results[i].PromptTokens;
        return tokens;
    }
}
