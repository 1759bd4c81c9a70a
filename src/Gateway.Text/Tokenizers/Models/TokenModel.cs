namespace Gateway.Text.Tokenizers.Models;

/// <summary>Turns pieces of prepared text into ids. Immutable but for its caches, and safe from many threads.</summary>
internal abstract class TokenModel(Vocabulary vocabulary)
{
    /// <summary>Gets the tokens by their names, as the file writes them.</summary>
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>Appends the ids of one piece.</summary>
    public abstract void Encode(ReadOnlySpan<char> piece, EncodeRun run);
}
