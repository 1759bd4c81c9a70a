using System.Text;
using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.Normalizers;

/// <summary>BERT's own rules: control characters go, ideographs stand alone, and accents and case may go.</summary>
internal sealed class BertNormalizer(bool cleansText, bool spacesIdeographs, bool stripsAccents, bool lowers) : Normalizer
{
    private static readonly UnicodeNormalizer Decomposing = new(composing: false, compatible: false);

    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into)
    {
        using var clean = new CharBuffer();
        foreach (var rune in text.EnumerateRunes())
            AddClean(rune, clean);
        if (!stripsAccents)
        {
            AddCased(clean.Span, into);
            return;
        }
        using var decomposed = new CharBuffer();
        Decomposing.Normalize(clean.Span, decomposed);
        using var bare = new CharBuffer();
        foreach (var rune in decomposed.Span.EnumerateRunes())
        {
            if (!OriginalCharacters.IsBertNonSpacing(rune))
                bare.Add(rune);
        }
        AddCased(bare.Span, into);
    }

    private static bool IsIdeograph(int value) =>
        value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
            or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    private void AddClean(Rune rune, CharBuffer into)
    {
        if (cleansText)
        {
            if (OriginalCharacters.IsBertControl(rune))
                return;
            if (Rune.IsWhiteSpace(rune))
            {
                into.Add(' ');
                return;
            }
        }
        if (spacesIdeographs && IsIdeograph(rune.Value))
        {
            into.Add(' ');
            into.Add(rune);
            into.Add(' ');
            return;
        }
        into.Add(rune);
    }

    private void AddCased(ReadOnlySpan<char> text, CharBuffer into)
    {
        if (!lowers)
        {
            into.Add(text);
            return;
        }
        foreach (var rune in text.EnumerateRunes())
            LowercaseNormalizer.AddLower(rune, into);
    }
}
