using Gateway.Text.Tokenizers.PreTokenizers;

namespace Gateway.Text.Tokenizers.Normalizers;

/// <summary>Replaces each match of a pattern. The content is taken literally.</summary>
internal sealed class ReplaceNormalizer(Pattern pattern, string content) : Normalizer
{
    public override bool Keeps(ReadOnlySpan<char> text)
    {
        using var matches = new Matches(text, pattern);
        return !matches.MoveNext();
    }

    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into)
    {
        var from = 0;
        using var matches = new Matches(text, pattern);
        while (matches.MoveNext())
        {
            into.Add(text[from..matches.Start]);
            into.Add(content);
            from = matches.End;
        }
        into.Add(text[from..]);
    }
}
