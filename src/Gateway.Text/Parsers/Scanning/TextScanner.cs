namespace Gateway.Text.Parsers.Scanning;

/// <summary>
/// The streaming core of all parsers: text is pushed as it comes, in pieces cut anywhere; what cannot be decided yet is kept and seen again
/// together with what follows. A whole text is one piece.
/// </summary>
/// <remarks>
/// A scanner may only decide what no continuation could change. Then the cuts do not matter, and what it leaves is never longer than its
/// longest marker, so that the work is linear in the text.
/// </remarks>
internal abstract class TextScanner
{
    private readonly TextBuffer _held = new();

    /// <summary>How many characters were looked at or moved in pushing, for the test that the work is linear.</summary>
    public long Steps { get; private set; }

    public void Push(ReadOnlySpan<char> text)
    {
        if (_held.IsEmpty)
        {
            Steps += text.Length;
            _held.Append(text[Scan(text)..]);
            return;
        }

        _held.Append(text);
        Steps += _held.Length;
        _held.RemoveStart(Scan(_held.Text));
    }

    /// <summary>The text has ended. Nothing may be pushed after it.</summary>
    public void Finish()
    {
        End(_held.Text);
        _held.Clear();
    }

    /// <summary>Understands as much as can be.</summary>
    /// <returns>How many characters are done with; the rest is seen again with what follows it.</returns>
    protected abstract int Scan(ReadOnlySpan<char> text);

    /// <summary>Says what becomes of the rest that nothing will follow.</summary>
    protected abstract void End(ReadOnlySpan<char> rest);
}
