namespace Gateway.Text.Tokenizers.Models;

/// <summary>The settings of a BPE model, named as tokenizer.json names them.</summary>
internal sealed record BpeOptions
{
    public string? UnknownToken { get; init; }

    public string? ContinuingSubwordPrefix { get; init; }

    public string? EndOfWordSuffix { get; init; }

    /// <summary>Gets whether unknown characters in a row become one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Gets whether an unknown character becomes the tokens of its bytes, such as <c>&lt;0xE3&gt;</c>.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Gets whether a piece that is a token stays whole, whatever the merges would make of it.</summary>
    public bool IgnoreMerges { get; init; }
}
