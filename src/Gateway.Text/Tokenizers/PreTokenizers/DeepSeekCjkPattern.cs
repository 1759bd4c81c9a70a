namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>Runs of Chinese and Japanese: DeepSeek's second pattern.</summary>
internal sealed class DeepSeekCjkPattern : ScannedPattern
{
    public const string Source = "[一-龥぀-ゟ゠-ヿ]+";

    protected override int Match(ReadOnlySpan<char> text, int start)
    {
        while (start < text.Length && text[start] is (>= '\u4E00' and <= '\u9FA5') or (>= '\u3040' and <= '\u30FF'))
            start++;
        return start;
    }
}
