using System.Text;
using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.Normalizers;

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
