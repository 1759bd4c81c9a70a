namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>All matches of a pattern in a text, in order. An empty one counts, but not directly behind another match.</summary>
internal ref struct Matches
{
    private readonly Pattern _pattern;
    private readonly ReadOnlySpan<char> _text;

    /// <summary>What is searched: the text, or its shadow, in which positions are others.</summary>
    private readonly ReadOnlySpan<char> _searched;
    private readonly CharBuffer? _shadow;
    private int _from;
    private int _lastEnd = -1;
    private int _mapped;
    private int _mappedTo;

    public Matches(ReadOnlySpan<char> text, Pattern pattern)
    {
        _pattern = pattern;
        _text = _searched = text;
        if (pattern is RegexPattern regex && text.IndexOfAnyInRange('\uD800', '\uDFFF') >= 0)
        {
            _shadow = new CharBuffer();
            BasicPlaneShadow.Cast(text, regex.NamesHan, _shadow);
            _searched = _shadow.Span;
        }
    }

    public int Start { get; private set; }

    public int End { get; private set; }

    public bool MoveNext()
    {
        while (_from <= _searched.Length && _pattern.TryFind(_searched, _from, out var start, out var end))
        {
            if (start == end && end == _lastEnd)
            {
                _from = end + 1;
                continue;
            }
            _from = _lastEnd = end;
            Start = Map(start);
            End = Map(end);
            return true;
        }
        return false;
    }

    public readonly void Dispose() => _shadow?.Dispose();

    /// <summary>Gets the position in the text of one in the shadow; they only go forward.</summary>
    private int Map(int position)
    {
        if (_shadow is null)
            return position;
        for (; _mapped < position; _mapped++)
            _mappedTo += char.IsHighSurrogate(_text[_mappedTo]) ? 2 : 1;
        return _mappedTo;
    }
}
