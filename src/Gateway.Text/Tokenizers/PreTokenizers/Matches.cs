namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>All matches of a pattern in a text, in order. An empty one counts, but not directly behind another match.</summary>
internal ref struct Matches(ReadOnlySpan<char> text, Pattern pattern)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _from;
    private int _lastEnd = -1;

    public int Start { get; private set; }

    public int End { get; private set; }

    public bool MoveNext()
    {
        while (_from <= _text.Length && pattern.TryFind(_text, _from, out var start, out var end))
        {
            if (start == end && end == _lastEnd)
            {
                _from = end + (end < _text.Length && char.IsHighSurrogate(_text[end]) ? 2 : 1);
                continue;
            }
            (Start, End) = (start, end);
            _from = _lastEnd = end;
            return true;
        }
        return false;
    }
}
