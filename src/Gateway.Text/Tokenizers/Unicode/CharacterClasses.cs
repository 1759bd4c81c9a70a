using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gateway.Text.Tokenizers.Unicode;

/// <summary>The classes of code points: one load for those of the first plane, which nearly all text is made of.</summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] BasicPlane = Build();

    /// <summary>Gets the class of the code point at an index, and how many units it takes. An unpaired surrogate has no class.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CharacterClass At(ReadOnlySpan<char> text, int index, out int length)
    {
        var unit = text[index];
        if (!char.IsSurrogate(unit))
        {
            length = 1;
            return BasicPlane[unit];
        }
        return OfPair(text, index, out length);
    }

    public static CharacterClass Of(int codePoint) =>
        codePoint < 0x10000 ? BasicPlane[codePoint] : From(CharUnicodeInfo.GetUnicodeCategory(codePoint));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CharacterClass OfPair(ReadOnlySpan<char> text, int index, out int length)
    {
        if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            length = 2;
            return From(CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(text[index], text[index + 1])));
        }
        length = 1;
        return CharacterClass.None;
    }

    private static CharacterClass[] Build()
    {
        var classes = new CharacterClass[0x10000];
        for (var unit = 0; unit < classes.Length; unit++)
        {
            classes[unit] = From(CharUnicodeInfo.GetUnicodeCategory((char)unit))
                | (char.IsWhiteSpace((char)unit) ? CharacterClass.WhiteSpace : CharacterClass.None);
        }
        return classes;
    }

    private static CharacterClass From(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterClass.Letter | CharacterClass.UpperLike,
        UnicodeCategory.LowercaseLetter => CharacterClass.Letter | CharacterClass.LowerLike,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            => CharacterClass.Letter | CharacterClass.UpperLike | CharacterClass.LowerLike,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
            => CharacterClass.Mark | CharacterClass.UpperLike | CharacterClass.LowerLike,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Number,
        UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation
            or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation => CharacterClass.Punctuation,
        UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherSymbol
            => CharacterClass.Symbol,
        _ => CharacterClass.None,
    };
}
