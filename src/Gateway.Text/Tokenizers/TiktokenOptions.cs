namespace Gateway.Text.Tokenizers;

/// <summary>What a tiktoken file does not say.</summary>
public sealed record TiktokenOptions
{
    /// <summary>The pattern of <c>r50k_base</c> and GPT-2.</summary>
    public const string R50kPattern = PreTokenizers.Gpt2Pattern.Source;

    /// <summary>The pattern of <c>cl100k_base</c>.</summary>
    public const string Cl100kPattern = PreTokenizers.Cl100kPattern.ThreeDigits;

    /// <summary>The pattern of <c>o200k_base</c> and <c>o200k_harmony</c>.</summary>
    public const string O200kPattern = PreTokenizers.O200kPattern.Source;

    /// <summary>The pattern of the Kimi models.</summary>
    public const string KimiPattern =
        @"[\p{Han}]+"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Gets the regular expression whose matches are the pieces.</summary>
    public required string Pattern { get; init; }

    /// <summary>Gets the special tokens and their ids.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokens { get; init; } = new Dictionary<string, int>();
}
