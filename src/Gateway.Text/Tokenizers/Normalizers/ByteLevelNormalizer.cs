using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.Normalizers;

/// <summary>Writes the text's bytes in the byte-level alphabet.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into) => ByteLevelAlphabet.Spell(text, into);
}
