using System.Globalization;
using System.Text;

namespace Gateway.Text.Tokenizers.Unicode;

/// <summary>What <c>\w</c> means in the original: alphabetic characters, marks, decimal digits, connectors and joiners.</summary>
internal static class WordCharacter
{
    public static bool Is(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation => true,
        UnicodeCategory.Format => rune.Value is 0x200C or 0x200D,
        UnicodeCategory.OtherSymbol => IsEnclosedLetter(rune.Value),
        _ => false,
    };

    /// <summary>Letters in circles and squares count as alphabetic although they are symbols.</summary>
    private static bool IsEnclosedLetter(int value) =>
        value is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);
}
