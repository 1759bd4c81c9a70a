using System.Buffers;

namespace Gateway.Text.Tokenizers.Unicode;

/// <summary>Text without unpaired surrogates.</summary>
internal static class WellFormedText
{
    private static readonly SearchValues<char> Surrogates =
        SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(static unit => (char)unit)]);

    /// <summary>
    /// Finds the first surrogate without a partner, or -1. Such a unit has no UTF-8 form; tokenizers see U+FFFD in its place,
    /// as those do that receive text as UTF-8.
    /// </summary>
    public static int IndexOfUnpaired(ReadOnlySpan<char> text)
    {
        var index = 0;
        while (true)
        {
            var next = text[index..].IndexOfAny(Surrogates);
            if (next < 0)
                return -1;
            index += next;
            if (!char.IsHighSurrogate(text[index]) || index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]))
                return index;
            index += 2;
        }
    }

    /// <summary>Writes the text with U+FFFD in the place of each unpaired surrogate.</summary>
    public static void Repair(ReadOnlySpan<char> text, CharBuffer into)
    {
        while (IndexOfUnpaired(text) is >= 0 and var unpaired)
        {
            into.Add(text[..unpaired]);
            into.Add('\uFFFD');
            text = text[(unpaired + 1)..];
        }
        into.Add(text);
    }
}
