using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>The pattern of cl100k, Llama 3 and Qwen: words with one unit in front, numbers in groups, line breaks apart.</summary>
/// <param name="longestNumber">Digits in a group: 3, or 1.</param>
internal sealed class Cl100kPattern(int longestNumber) : ScannedPattern
{
    public const string ThreeDigits =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public const string OneDigit =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The same, as tiktoken writes it since it was made faster.</summary>
    public const string ThreeDigitsPossessive =
        @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s";

    private const CharacterClass Named = CharacterClass.Letter | CharacterClass.Number | CharacterClass.WhiteSpace;

    protected override int Match(ReadOnlySpan<char> text, int start)
    {
        var unit = text[start];
        var kind = CharacterClasses.At(text, start, out var length);
        if ((kind & CharacterClass.Letter) != 0)
            return EndOfRun(text, start + length, CharacterClass.Letter);
        if ((kind & CharacterClass.Number) != 0)
            return EndOfNumber(text, start, longestNumber);
        if (unit == '\'' && EndOfContraction(text, start, anyCase: true) is var contraction && contraction > start)
            return contraction;
        var after = start + length;
        if (after < text.Length)
        {
            var following = CharacterClasses.At(text, after, out var followingLength);
            if ((following & CharacterClass.Letter) != 0 && !IsLineBreak(unit))
                return EndOfRun(text, after + followingLength, CharacterClass.Letter);
            if (unit == ' ' && (following & Named) == 0)
                return EndOfLineBreaks(text, EndOfOthers(text, after + followingLength, Named));
        }
        return (kind & CharacterClass.WhiteSpace) == 0
            ? EndOfLineBreaks(text, EndOfOthers(text, after, Named))
            : EndOfWhiteSpace(text, start, lineBreaksFirst: true);
    }
}
