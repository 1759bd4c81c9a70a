namespace Gateway.Text.Tokenizers.Normalizers;

/// <summary>Puts something in front of a text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into)
    {
        if (text.IsEmpty)
            return;
        into.Add(prefix);
        into.Add(text);
    }
}
