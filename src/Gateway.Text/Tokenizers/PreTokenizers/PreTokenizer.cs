namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>Cuts text into pieces that no token spans, or rewrites it. Immutable.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Passes each piece of the text on to the level after this one.</summary>
    public abstract void Split(ReadOnlySpan<char> text, bool atStart, EncodeRun run, int next);
}
