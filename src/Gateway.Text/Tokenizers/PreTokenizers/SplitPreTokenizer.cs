namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>Cuts at the matches of a pattern.</summary>
/// <param name="pattern">Whose matches are the delimiters.</param>
/// <param name="behavior">What becomes of them.</param>
/// <param name="invert">Whether what lies between the matches is the delimiter instead.</param>
internal sealed class SplitPreTokenizer(Pattern pattern, SplitBehavior behavior, bool invert) : PreTokenizer
{
    public override void Split(ReadOnlySpan<char> text, bool atStart, EncodeRun run, int next)
    {
        if (behavior is not (SplitBehavior.Isolated or SplitBehavior.Removed))
        {
            Join(text, atStart, run, next);
            return;
        }
        using var parts = new Parts(text, pattern, invert);
        while (parts.MoveNext())
        {
            if (!parts.IsDelimiter || behavior == SplitBehavior.Isolated)
                run.Pass(text[parts.Start..parts.End], atStart && parts.Start == 0, next);
        }
    }

    /// <summary>Whether a part and the one after it stay together. Each part is joined at most once, except where equals run together.</summary>
    private bool Joins(bool delimiter, bool followedByDelimiter) => behavior switch
    {
        SplitBehavior.MergedWithPrevious => !delimiter && followedByDelimiter,
        SplitBehavior.MergedWithNext => delimiter && !followedByDelimiter,
        _ => delimiter == followedByDelimiter,
    };

    private void Join(ReadOnlySpan<char> text, bool atStart, EncodeRun run, int next)
    {
        using var parts = new Parts(text, pattern, invert);
        if (!parts.MoveNext())
            return;
        var (start, end, delimiter) = (parts.Start, parts.End, parts.IsDelimiter);
        var joined = false;
        while (parts.MoveNext())
        {
            if ((!joined || behavior == SplitBehavior.Contiguous) && Joins(delimiter, parts.IsDelimiter))
            {
                joined = true;
            }
            else
            {
                run.Pass(text[start..end], atStart && start == 0, next);
                start = parts.Start;
                joined = false;
            }
            (end, delimiter) = (parts.End, parts.IsDelimiter);
        }
        run.Pass(text[start..end], atStart && start == 0, next);
    }

    /// <summary>The matches and what lies between them, in order.</summary>
    private ref struct Parts(ReadOnlySpan<char> text, Pattern pattern, bool invert)
    {
        private readonly int _length = text.Length;
        private Matches _matches = new(text, pattern);
        private bool _hasMatch;
        private bool _done;

        public int Start { get; private set; }

        public int End { get; private set; }

        public bool IsDelimiter { get; private set; }

        public readonly void Dispose() => _matches.Dispose();

        public bool MoveNext()
        {
            if (!_hasMatch && !_done)
                _done = !(_hasMatch = _matches.MoveNext());
            Start = End;
            if (_hasMatch && _matches.Start == Start)
            {
                End = _matches.End;
                IsDelimiter = !invert;
                _hasMatch = false;
                return true;
            }
            End = _hasMatch ? _matches.Start : _length;
            IsDelimiter = invert;
            return End > Start;
        }
    }
}
