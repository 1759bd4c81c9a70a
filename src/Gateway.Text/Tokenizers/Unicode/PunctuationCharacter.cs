using System.Globalization;
using System.Text;

namespace Gateway.Text.Tokenizers.Unicode;

/// <summary>What the original calls punctuation: that of Unicode, and all signs of ASCII.</summary>
internal static class PunctuationCharacter
{
    public static bool Is(Rune rune) =>
        rune.IsAscii
            ? rune.Value is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
            : Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
                or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
                or UnicodeCategory.OtherPunctuation;
}
