using System.Globalization;
using System.Text;
using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>
/// .NET's regular expressions see UTF-16 units: for them no letter lies beyond the first plane. A shadow has, for each code point there,
/// a rare one of the first plane with the same general category, and a Han one for a Han one. Patterns that name a code point
/// beyond the first plane are refused, so that none can tell the difference.
/// </summary>
internal static class BasicPlaneShadow
{
    private const char HanStandIn = '\u9FEF';
    private const char EnclosedLetterStandIn = '\u24E9';
    private const char Unassigned = '\uFFFF';

    /// <summary>Gets the stand-in of a category; tests check that each has it.</summary>
    public static char StandInOf(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\uA76A',
        UnicodeCategory.LowercaseLetter => '\uA76B',
        UnicodeCategory.TitlecaseLetter => '\u1FAF',
        UnicodeCategory.ModifierLetter => '\uA788',
        UnicodeCategory.OtherLetter => '\uA840',
        UnicodeCategory.NonSpacingMark => '\uA8C4',
        UnicodeCategory.SpacingCombiningMark => '\uA880',
        UnicodeCategory.EnclosingMark => '\uA670',
        UnicodeCategory.DecimalDigitNumber => '\uA8D0',
        UnicodeCategory.LetterNumber => '\uA6E6',
        UnicodeCategory.OtherNumber => '\uA830',
        UnicodeCategory.ConnectorPunctuation => '\uFE4D',
        UnicodeCategory.DashPunctuation => '\u2E1A',
        UnicodeCategory.OpenPunctuation => '\u2E28',
        UnicodeCategory.ClosePunctuation => '\u2E29',
        UnicodeCategory.InitialQuotePunctuation => '\u2E02',
        UnicodeCategory.FinalQuotePunctuation => '\u2E03',
        UnicodeCategory.OtherPunctuation => '\uA874',
        UnicodeCategory.MathSymbol => '\u2A0C',
        UnicodeCategory.CurrencySymbol => '\uA838',
        UnicodeCategory.ModifierSymbol => '\uA700',
        UnicodeCategory.OtherSymbol => '\uA828',
        UnicodeCategory.Format => '\u206A',
        UnicodeCategory.PrivateUse => '\uF8FE',
        _ => Unassigned,
    };

    /// <summary>Appends the shadow of text without unpaired surrogates.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scripts">Whether the pattern asks for Han: four of its characters there are no letters, and have no stand-in that is neither.</param>
    /// <param name="into">Takes as many units as the text has code points.</param>
    public static void Cast(ReadOnlySpan<char> text, bool scripts, CharBuffer into)
    {
        foreach (var rune in text.EnumerateRunes())
            into.Add(rune.IsBmp ? (char)rune.Value : StandInOf(rune, scripts));
    }

    private static char StandInOf(Rune rune, bool scripts)
    {
        if (scripts && IsHan(rune.Value))
            return HanStandIn;
        var category = Rune.GetUnicodeCategory(rune);
        return category == UnicodeCategory.OtherSymbol && WordCharacter.Is(rune) ? EnclosedLetterStandIn : StandInOf(category);
    }

    private static bool IsHan(int value) =>
        value is (>= 0x16FE2 and <= 0x16FE3) or (>= 0x16FF0 and <= 0x16FF1)
        || (value is >= 0x20000 and <= 0x33479 && CharUnicodeInfo.GetUnicodeCategory(value) == UnicodeCategory.OtherLetter);
}
