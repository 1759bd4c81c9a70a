using Gateway.Text.Tokenizers.PreTokenizers;

namespace Gateway.Text.Tokenizers.Normalizers;

/// <summary>Replaces each match of a pattern. The content is taken literally.</summary>
internal sealed class ReplaceNormalizer(Pattern pattern, string content) : Normalizer
{
    public override bool Keeps(ReadOnlySpan<char> text) => !pattern.TryFind(text, 0, out _, out _);

    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into)
    {
        var from = 0;
        while (pattern.TryFind(text, from, out var start, out var end))
        {
            into.Add(text[from..start]);
            into.Add(content);
            from = end;
        }
        into.Add(text[from..]);
    }
}
