using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>Words, punctuation and white space: DeepSeek's third pattern. Numbers and control characters match nothing.</summary>
internal sealed class DeepSeekWordPattern : ScannedPattern
{
    public const string Source =
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+";

    private const CharacterClass Word = CharacterClass.Letter | CharacterClass.Mark;
    private const CharacterClass Sign = CharacterClass.Punctuation | CharacterClass.Symbol;

    protected override int Match(ReadOnlySpan<char> text, int start)
    {
        var unit = text[start];
        var kind = CharacterClasses.At(text, start, out var length);
        var after = start + length;
        if (unit < 0x80 && (kind & Sign) != 0 && after < text.Length && char.IsAsciiLetter(text[after]))
        {
            while (after < text.Length && char.IsAsciiLetter(text[after]))
                after++;
            return after;
        }
        if ((kind & Word) != 0)
            return EndOfRun(text, after, Word);
        var following = after < text.Length ? CharacterClasses.At(text, after, out _) : CharacterClass.None;
        if ((kind & Sign) == 0 && !IsLineBreak(unit) && (following & Word) != 0)
            return EndOfRun(text, after, Word);
        if ((kind & Sign) != 0 || (unit == ' ' && (following & Sign) != 0))
            return EndOfLineBreaks(text, EndOfRun(text, after, Sign));
        return (kind & CharacterClass.WhiteSpace) != 0 ? EndOfWhiteSpace(text, start, lineBreaksFirst: true) : start;
    }
}
