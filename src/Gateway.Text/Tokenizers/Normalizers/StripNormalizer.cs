namespace Gateway.Text.Tokenizers.Normalizers;

/// <summary>Takes white space away at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into)
    {
        if (left)
            text = text.TrimStart();
        into.Add(right ? text.TrimEnd() : text);
    }
}
