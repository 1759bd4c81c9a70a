using System.Text;

namespace Gateway.Text.Tokenizers.Normalizers;

/// <summary>Lower case, character by character: no rule looks at the neighbours.</summary>
internal sealed class LowercaseNormalizer : Normalizer
{
    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into)
    {
        foreach (var rune in text.EnumerateRunes())
            AddLower(rune, into);
    }

    /// <summary>U+0130 is the one character whose lower case is two.</summary>
    public static void AddLower(Rune rune, CharBuffer into)
    {
        if (rune.Value == 0x130)
            into.Add("i\u0307");
        else
            into.Add(new Rune(Newer(rune.Value) ?? Rune.ToLowerInvariant(rune).Value));
    }

    /// <summary>Capital letters of Unicode 17, which the original knows and .NET 10 does not.</summary>
    private static int? Newer(int value) => value switch
    {
        0xA7CE or 0xA7D2 or 0xA7D4 => value + 1,
        >= 0x16EA0 and <= 0x16EB8 => value + 0x1B,
        _ => null,
    };
}
