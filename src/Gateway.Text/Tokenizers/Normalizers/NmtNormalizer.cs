using System.Text;

namespace Gateway.Text.Tokenizers.Normalizers;

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
