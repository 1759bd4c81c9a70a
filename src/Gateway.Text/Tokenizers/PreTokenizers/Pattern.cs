namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>What a splitting pre-tokenizer looks for. Immutable.</summary>
internal abstract class Pattern
{
    /// <summary>Finds the first match that begins at or after an index.</summary>
    public abstract bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end);
}
