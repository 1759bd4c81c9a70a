using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>
/// A pattern that real models use, as code instead of a regular expression: several times as fast, and it sees code points, not UTF-16 units.
/// </summary>
internal abstract class ScannedPattern : Pattern
{
    public sealed override bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length;)
        {
            end = Match(text, start);
            if (end > start)
                return true;
            CharacterClasses.At(text, start, out var length);
            start += length;
        }
        end = start;
        return false;
    }

    /// <summary>Gets the end of the match that begins here, or the start itself if none does.</summary>
    protected abstract int Match(ReadOnlySpan<char> text, int start);

    /// <summary>Gets the end of a run of code points, each with one of the classes.</summary>
    protected static int EndOfRun(ReadOnlySpan<char> text, int from, CharacterClass any)
    {
        while (from < text.Length && (CharacterClasses.At(text, from, out var length) & any) != 0)
            from += length;
        return from;
    }

    /// <summary>Gets the end of a run of code points with none of the classes.</summary>
    protected static int EndOfOthers(ReadOnlySpan<char> text, int from, CharacterClass none)
    {
        while (from < text.Length && (CharacterClasses.At(text, from, out var length) & none) == 0)
            from += length;
        return from;
    }

    protected static int EndOfNumber(ReadOnlySpan<char> text, int from, int most)
    {
        for (; most > 0 && from < text.Length && (CharacterClasses.At(text, from, out var length) & CharacterClass.Number) != 0; most--)
            from += length;
        return from;
    }

    protected static bool IsLineBreak(char unit) => unit is '\r' or '\n';

    protected static int EndOfLineBreaks(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length && IsLineBreak(text[from]))
            from++;
        return from;
    }

    /// <summary>
    /// <c>\s*[\r\n]+|\s+(?!\S)|\s+</c> where white space begins: up to the last line break of the run if it has one,
    /// else all but the last unit, which belongs to the word that follows.
    /// </summary>
    protected static int EndOfWhiteSpace(ReadOnlySpan<char> text, int from, bool lineBreaksFirst)
    {
        var end = EndOfRun(text, from, CharacterClass.WhiteSpace);
        if (lineBreaksFirst)
        {
            var lastBreak = text[from..end].LastIndexOfAny('\r', '\n');
            if (lastBreak >= 0)
                return from + lastBreak + 1;
        }
        return end == text.Length || end - from == 1 ? end : end - 1;
    }

    /// <summary><c>'s|'t|'re|'ve|'m|'ll|'d</c>, in any case if asked. U+017F is a long s, and equals s when case does not matter.</summary>
    protected static int EndOfContraction(ReadOnlySpan<char> text, int from, bool anyCase)
    {
        if (from + 1 >= text.Length || text[from] != '\'')
            return from;
        var first = Fold(text[from + 1], anyCase);
        if (first is 's' or 't' or 'm' or 'd')
            return from + 2;
        if (from + 2 >= text.Length)
            return from;
        var second = Fold(text[from + 2], anyCase);
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? from + 3 : from;
    }

    private static char Fold(char unit, bool anyCase) => unit switch
    {
        _ when !anyCase => unit,
        >= 'A' and <= 'Z' => (char)(unit | 0x20),
        '\u017F' => 's',
        _ => unit,
    };
}
