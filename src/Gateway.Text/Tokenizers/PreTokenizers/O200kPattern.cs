using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>The pattern of o200k (GPT-4o, gpt-oss): as cl100k, but a word also ends where lower case turns to upper case, and takes its contraction along.</summary>
internal sealed class O200kPattern : ScannedPattern
{
    public const string Source =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const CharacterClass Named = CharacterClass.Letter | CharacterClass.Number | CharacterClass.WhiteSpace;

    protected override int Match(ReadOnlySpan<char> text, int start)
    {
        var unit = text[start];
        var kind = CharacterClasses.At(text, start, out var length);
        if ((kind & CharacterClass.Number) != 0)
            return EndOfNumber(text, start, most: 3);
        var word = EndOfWord(text, start, kind, length);
        if (word > start)
            return EndOfContraction(text, word, anyCase: true);
        var after = start + length;
        if (unit == ' ' && after < text.Length && (CharacterClasses.At(text, after, out var following) & Named) == 0)
            return EndOfTail(text, EndOfOthers(text, after + following, Named));
        return (kind & CharacterClass.WhiteSpace) == 0
            ? EndOfTail(text, EndOfOthers(text, after, Named))
            : EndOfWhiteSpace(text, start, lineBreaksFirst: true);
    }

    /// <summary>Tries the first alternative with and without a unit in front, then the second: the order in which a backtracking engine would.</summary>
    private static int EndOfWord(ReadOnlySpan<char> text, int start, CharacterClass kind, int length)
    {
        var mayLead = (kind & CharacterClass.Letter) == 0 && !IsLineBreak(text[start]);
        var afterLead = start + length;
        if (mayLead && EndOfLowerWord(text, afterLead) is var led && led > afterLead)
            return led;
        if (EndOfLowerWord(text, start) is var lower && lower > start)
            return lower;
        if (mayLead && EndOfRun(text, afterLead, CharacterClass.UpperLike) is var ledUpper && ledUpper > afterLead)
            return ledUpper;
        return EndOfRun(text, start, CharacterClass.UpperLike);
    }

    /// <summary>Upper-like code points, then at least one lower-like. Some are both: the last of these may have to count as lower.</summary>
    private static int EndOfLowerWord(ReadOnlySpan<char> text, int from)
    {
        var lastOfBoth = from;
        var index = from;
        while (index < text.Length)
        {
            var kind = CharacterClasses.At(text, index, out var length);
            if ((kind & CharacterClass.UpperLike) == 0)
            {
                if ((kind & CharacterClass.LowerLike) != 0)
                    return EndOfRun(text, index + length, CharacterClass.LowerLike);
                break;
            }
            index += length;
            if ((kind & CharacterClass.LowerLike) != 0)
                lastOfBoth = index;
        }
        return lastOfBoth;
    }

    private static int EndOfTail(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length && text[from] is '\r' or '\n' or '/')
            from++;
        return from;
    }
}
