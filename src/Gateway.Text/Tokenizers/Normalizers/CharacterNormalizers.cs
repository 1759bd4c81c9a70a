using System.Text;
using Gateway.Text.Tokenizers.Unicode;

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

/// <summary>Leaves out combining marks.</summary>
internal sealed class StripAccentsNormalizer : Normalizer
{
    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!OriginalCharacters.IsMark(rune))
                into.Add(rune);
        }
    }
}

/// <summary>Takes white space away at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into)
    {
        if (left)
            text = text.TrimStart();
        into.Add(right ? text.TrimEnd() : text);
    }
}

/// <summary>Writes the text's bytes in the byte-level alphabet.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into) => ByteLevelAlphabet.Spell(text, into);
}

/// <summary>SentencePiece's clean-up of control characters and exotic spaces.</summary>
internal sealed class NmtNormalizer : Normalizer
{
    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsDropped(rune.Value))
                continue;
            if (IsSpace(rune.Value))
                into.Add(' ');
            else
                into.Add(rune);
        }
    }

    private static bool IsDropped(int value) =>
        value is (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F;

    private static bool IsSpace(int value) =>
        value is 0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD;
}
