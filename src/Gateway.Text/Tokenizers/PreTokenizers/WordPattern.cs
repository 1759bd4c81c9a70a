using System.Text;
using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary><c>\w+|[^\w\s]+</c>: words, and what is neither word nor white space.</summary>
internal sealed class WordPattern : ScannedPattern
{
    protected override int Match(ReadOnlySpan<char> text, int start)
    {
        var kind = KindAt(text, start, out _);
        if (kind == 0)
            return start;
        var end = start;
        while (end < text.Length && KindAt(text, end, out var length) == kind)
            end += length;
        return end;
    }

    private static int KindAt(ReadOnlySpan<char> text, int index, out int length)
    {
        Rune.DecodeFromUtf16(text[index..], out var rune, out length);
        return Rune.IsWhiteSpace(rune) ? 0 : WordCharacter.Is(rune) ? 1 : 2;
    }
}
