namespace Gateway.Text.Tokenizers.Normalizers;

/// <summary>Several normalizers, one after the other.</summary>
internal sealed class SequenceNormalizer(Normalizer[] parts) : Normalizer
{
    public override bool Keeps(ReadOnlySpan<char> text)
    {
        foreach (var part in parts)
        {
            if (!part.Keeps(text))
                return false;
        }
        return true;
    }

    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into)
    {
        if (parts.Length == 0)
        {
            into.Add(text);
            return;
        }
        using var first = new CharBuffer();
        using var second = new CharBuffer();
        var (current, spare) = (first, second);
        for (var index = 0; index < parts.Length; index++)
        {
            if (index == parts.Length - 1)
            {
                parts[index].Normalize(text, into);
                return;
            }
            spare.Clear();
            parts[index].Normalize(text, spare);
            text = spare.Span;
            (current, spare) = (spare, current);
        }
    }
}
