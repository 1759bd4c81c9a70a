using System.Collections.Frozen;
using Gateway.Text.Parsers.Harmony;
using Gateway.Text.Parsers.Reasoning;
using Gateway.Text.Parsers.Tools;
using Gateway.Text.Tokenizers;

namespace Gateway.Text.Parsers;

/// <summary>What a model's answers look like. One for each model, for all requests.</summary>
/// <param name="Reasoning">Null if thinking is not marked, or to stay in the content.</param>
/// <param name="Tools">Null if calls are not to be looked for.</param>
/// <param name="IsHarmony">Whether it is gpt-oss's format, which has its own ways for both.</param>
public sealed record ChatOutputFormat(ReasoningDialect? Reasoning, ToolDialect? Tools, bool IsHarmony = false)
{
    /// <summary>Text as it is.</summary>
    public static ChatOutputFormat Plain { get; } = new(null, null);

    public static ChatOutputFormat Harmony { get; } = new(null, null, IsHarmony: true);

    /// <summary>
    /// Finds the format of a model by what is known of it. Harmony takes precedence: its text is unreadable in any other way.
    /// </summary>
    /// <param name="model">Its name, for what is not chosen.</param>
    /// <param name="reasoning">A dialect's name, or null.</param>
    /// <param name="tools">A dialect's name, or null.</param>
    /// <param name="architecture">As in the model's configuration, if known.</param>
    /// <exception cref="ArgumentException">There is no dialect of that name.</exception>
    public static ChatOutputFormat For(string model, string? reasoning = null, string? tools = null, string? architecture = null)
    {
        var reasoningDialect = ReasoningDialects.ForModel(model);
        if (reasoning is not null && !ReasoningDialects.TryFind(reasoning, out reasoningDialect))
            throw new ArgumentException($"there is no reasoning parser '{reasoning}'; there are {string.Join(", ", ReasoningDialects.Names)}");
        var toolDialect = ToolDialects.ForModel(model);
        if (tools is not null && !ToolDialects.TryFind(tools, out toolDialect))
            throw new ArgumentException($"there is no tool-call parser '{tools}'; there are {string.Join(", ", ToolDialects.Names)}");
        return SpeaksHarmony(model, architecture) ? Harmony : new(reasoningDialect, toolDialect);
    }

    /// <summary>
    /// Finds the special tokens that are part of the format: without them in the text, the parser would look for its markers in vain.
    /// </summary>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="withTools">Whether calls are looked for.</param>
    public FrozenSet<int> MarksIn(Tokenizer tokenizer, bool withTools)
    {
        IReadOnlyList<string> markers = IsHarmony
            ? HarmonyMarkers.All
            : [.. Reasoning?.Markers ?? [], .. withTools ? Tools?.AllMarkers ?? [] : []];
        // A marker may have more in it than the token, as "function<｜tool▁sep｜>" has.
        return tokenizer.SpecialTokens
            .Where(token => markers.Any(marker => marker.Contains(token.Value, StringComparison.Ordinal)))
            .Select(static token => token.Key)
            .ToFrozenSet();
    }

    /// <summary>Whether a model speaks Harmony.</summary>
    /// <param name="architecture">GptOssForCausalLM or gpt_oss, if the model's configuration is known.</param>
    public static bool SpeaksHarmony(string model, string? architecture) =>
        architecture is "GptOssForCausalLM" or "gpt_oss"
        || model.Replace('_', '-').Contains("gpt-oss", StringComparison.OrdinalIgnoreCase);
}
