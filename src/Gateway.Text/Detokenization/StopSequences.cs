using Gateway.Text.Tokenizers;

namespace Gateway.Text.Detokenization;

/// <summary>
/// Ends a text at the first of some stop texts, wherever it was cut. The stop that is complete first counts; of those that are complete at
/// the same character, the longest. Held back is only what may be the beginning of one. Looks at each character once for each stop
/// (Knuth, Morris and Pratt, "Fast Pattern Matching in Strings", 1977). For one choice, one thread.
/// </summary>
public sealed class StopSequences : IDisposable
{
    private readonly Pattern[] _stops;
    private readonly bool _keepsStop;
    private readonly CharBuffer _text = new();
    private int _given;
    private bool _hasStopped;

    /// <param name="stops">Empty ones are ignored.</param>
    /// <param name="keepStop">True to have the stop itself in the text.</param>
    public StopSequences(IReadOnlyList<string> stops, bool keepStop)
    {
        ArgumentNullException.ThrowIfNull(stops);
        _stops = [.. stops.Where(static stop => stop.Length > 0).Select(static stop => new Pattern(stop))];
        _keepsStop = keepStop;
    }

    /// <summary>Takes the next piece of text. After a stop all is dropped.</summary>
    /// <param name="text">Any piece.</param>
    /// <param name="matched">The stop text, if it is complete with this piece; null otherwise.</param>
    /// <returns>What can be given out now; valid until the next call.</returns>
    public ReadOnlySpan<char> Push(ReadOnlySpan<char> text, out string? matched)
    {
        matched = null;
        if (_hasStopped)
            return [];
        DropGiven();
        var start = _text.Length;
        _text.Add(text);
        for (var i = 0; i < text.Length; i++)
        {
            if (Advance(text[i]) is not { } stop)
                continue;
            matched = stop;
            _hasStopped = true;
            var end = start + i + 1;
            return _text.Span[..(_keepsStop ? end : end - stop.Length)];
        }

        _given = _text.Length - (_keepsStop ? 0 : LongestBeginning());
        return _text.Span[.._given];
    }

    /// <summary>The text has ended without a stop.</summary>
    /// <returns>What was held back; valid until it is disposed of.</returns>
    public ReadOnlySpan<char> Finish()
    {
        if (_hasStopped)
            return [];
        DropGiven();
        return _text.Span;
    }

    public void Dispose() => _text.Dispose();

    private void DropGiven()
    {
        var left = _text.Length - _given;
        Span<char> rest = left <= 256 ? stackalloc char[256] : new char[left];
        rest = rest[..left];
        _text.Span[_given..].CopyTo(rest);
        _text.Clear();
        _text.Add((ReadOnlySpan<char>)rest);
        _given = 0;
    }

    /// <returns>The longest stop that is complete with this character.</returns>
    private string? Advance(char unit)
    {
        string? complete = null;
        foreach (var stop in _stops)
        {
            if (stop.Advance(unit) && stop.Text.Length > (complete?.Length ?? 0))
                complete = stop.Text;
        }

        return complete;
    }

    private int LongestBeginning()
    {
        var longest = 0;
        foreach (var stop in _stops)
            longest = Math.Max(longest, stop.Matched);
        return longest;
    }

    private sealed class Pattern
    {
        /// <summary>For each length of a beginning: the length of the longest shorter beginning that it ends in.</summary>
        private readonly int[] _borders;

        public Pattern(string text)
        {
            Text = text;
            _borders = new int[text.Length + 1];
            for (var length = 1; length < text.Length; length++)
                _borders[length + 1] = Extend(_borders[length], text[length]);
        }

        public string Text { get; }

        /// <summary>Characters of the text's end that are a beginning of this.</summary>
        public int Matched { get; private set; }

        public bool Advance(char unit)
        {
            Matched = Extend(Matched, unit);
            return Matched == Text.Length;
        }

        private int Extend(int matched, char unit)
        {
            while (matched > 0 && Text[matched] != unit)
                matched = _borders[matched];
            return Text[matched] == unit ? matched + 1 : 0;
        }
    }
}
