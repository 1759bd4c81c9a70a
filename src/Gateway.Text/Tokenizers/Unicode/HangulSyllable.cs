namespace Gateway.Text.Tokenizers.Unicode;

/// <summary>Hangul syllables are composed of letters by arithmetic (Unicode standard, 3.12).</summary>
internal static class HangulSyllable
{
    private const int Syllables = 0xAC00;
    private const int Leading = 0x1100;
    private const int Vowels = 0x1161;
    private const int Trailing = 0x11A7;
    private const int LeadingCount = 19;
    private const int VowelCount = 21;
    private const int TrailingCount = 28;

    public static bool IsSyllable(int codePoint) =>
        (uint)(codePoint - Syllables) < LeadingCount * VowelCount * TrailingCount;

    /// <summary>Whether a letter may become a part of the syllable in front of it.</summary>
    public static bool JoinsBackwards(int codePoint) =>
        (uint)(codePoint - Vowels) < VowelCount || (uint)(codePoint - Trailing - 1) < TrailingCount - 1;

    public static void Decompose(int syllable, CharBuffer into)
    {
        var index = syllable - Syllables;
        into.Add((char)(Leading + (index / (VowelCount * TrailingCount))));
        into.Add((char)(Vowels + (index % (VowelCount * TrailingCount) / TrailingCount)));
        if (index % TrailingCount != 0)
            into.Add((char)(Trailing + (index % TrailingCount)));
    }

    public static bool TryCompose(int first, int second, out int composed)
    {
        composed = 0;
        if ((uint)(first - Leading) < LeadingCount && (uint)(second - Vowels) < VowelCount)
            composed = Syllables + ((((first - Leading) * VowelCount) + second - Vowels) * TrailingCount);
        else if (IsSyllable(first) && (first - Syllables) % TrailingCount == 0 && (uint)(second - Trailing - 1) < TrailingCount - 1)
            composed = first + second - Trailing;
        return composed != 0;
    }
}
