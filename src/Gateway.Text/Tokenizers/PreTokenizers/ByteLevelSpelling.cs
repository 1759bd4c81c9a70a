using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>Spells bytes as characters of the byte-level alphabet, for the models that do not do it themselves.</summary>
internal sealed class ByteLevelSpelling : PreTokenizer
{
    public override void Split(ReadOnlySpan<char> text, bool atStart, EncodeRun run, int next)
    {
        using var buffer = new CharBuffer();
        ByteLevelAlphabet.Spell(text, buffer);
        run.Pass(buffer.Span, atStart, next);
    }
}
