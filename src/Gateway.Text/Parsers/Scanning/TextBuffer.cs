namespace Gateway.Text.Parsers.Scanning;

/// <summary>Text that waits. It keeps its array when it is emptied, so that a long stream allocates a few times and no more.</summary>
internal sealed class TextBuffer
{
    private char[] _chars = [];

    public int Length { get; private set; }

    public bool IsEmpty => Length == 0;

    public ReadOnlySpan<char> Text => _chars.AsSpan(0, Length);

    public void Append(ReadOnlySpan<char> text)
    {
        if (Length + text.Length > _chars.Length)
            Array.Resize(ref _chars, Math.Max(64, Math.Max(_chars.Length * 2, Length + text.Length)));
        text.CopyTo(_chars.AsSpan(Length));
        Length += text.Length;
    }

    public void Append(char character) => Append([character]);

    public void RemoveStart(int count)
    {
        _chars.AsSpan(count, Length - count).CopyTo(_chars);
        Length -= count;
    }

    public void Clear() => Length = 0;

    public override string ToString() => Text.ToString();
}
