using System.Text;
using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>Single characters of a kind, each a match of its own.</summary>
internal sealed class CharacterPattern : Pattern
{
    private readonly Func<Rune, bool> _matches;

    private CharacterPattern(Func<Rune, bool> matches) => _matches = matches;

    public static CharacterPattern WhiteSpace { get; } = new(Rune.IsWhiteSpace);

    public static CharacterPattern Numeric { get; } = new(OriginalCharacters.IsNumber);

    public static CharacterPattern Punctuation { get; } = new(OriginalCharacters.IsPunctuation);

    public override bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length; start = end)
        {
            Rune.DecodeFromUtf16(text[start..], out var rune, out var length);
            end = start + length;
            if (_matches(rune))
                return true;
        }
        end = start;
        return false;
    }
}
