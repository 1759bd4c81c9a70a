namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>Puts a space in front of text that has none.</summary>
internal sealed class PrefixSpace : PreTokenizer
{
    public override void Split(ReadOnlySpan<char> text, bool atStart, EncodeRun run, int next)
    {
        if (text[0] == ' ')
        {
            run.Pass(text, atStart, next);
            return;
        }
        using var buffer = new CharBuffer();
        buffer.Add(' ');
        buffer.Add(text);
        run.Pass(buffer.Span, atStart, next);
    }
}
