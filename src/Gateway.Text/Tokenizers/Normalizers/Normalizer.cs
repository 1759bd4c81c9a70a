namespace Gateway.Text.Tokenizers.Normalizers;

/// <summary>Rewrites text before it is tokenized. Immutable.</summary>
internal abstract class Normalizer
{
    /// <summary>Appends the rewritten text.</summary>
    public abstract void Normalize(ReadOnlySpan<char> text, CharBuffer into);

    /// <summary>Whether the text would stay as it is, if that is quickly told.</summary>
    public virtual bool Keeps(ReadOnlySpan<char> text) => false;

    public string Normalize(string text)
    {
        using var buffer = new CharBuffer();
        Normalize(text, buffer);
        return buffer.ToString();
    }
}
