namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>A string, taken literally.</summary>
internal sealed class LiteralPattern(string literal) : Pattern
{
    public override bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        var found = literal.Length == 0 ? -1 : text[from..].IndexOf(literal, StringComparison.Ordinal);
        start = found < 0 ? text.Length : from + found;
        end = found < 0 ? text.Length : start + literal.Length;
        return found >= 0;
    }
}
