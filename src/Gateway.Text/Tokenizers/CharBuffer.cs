using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gateway.Text.Tokenizers;

/// <summary>Text that is being written, in an array from the pool.</summary>
internal sealed class CharBuffer : IDisposable
{
    private char[] _chars = [];

    public int Length { get; private set; }

    public Span<char> Span => _chars.AsSpan(0, Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(char unit)
    {
        if (Length == _chars.Length)
            Grow(1);
        _chars[Length++] = unit;
    }

    public void Add(ReadOnlySpan<char> text)
    {
        text.CopyTo(Reserve(text.Length));
        Length += text.Length;
    }

    public void Add(Rune rune)
    {
        if (rune.IsBmp)
        {
            Add((char)rune.Value);
            return;
        }
        Length += rune.EncodeToUtf16(Reserve(2));
    }

    public void AddUtf8(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0)
            Length += Encoding.UTF8.GetChars(bytes, Reserve(bytes.Length));
    }

    /// <summary>Drops the first units; the rest moves to the front.</summary>
    public void RemoveFirst(int count)
    {
        _chars.AsSpan(count, Length - count).CopyTo(_chars);
        Length -= count;
    }

    public void Truncate(int length) => Length = length;

    public void Clear() => Length = 0;

    public void Dispose()
    {
        if (_chars.Length > 0)
            ArrayPool<char>.Shared.Return(_chars);
        _chars = [];
        Length = 0;
    }

    public override string ToString() => new(_chars, 0, Length);

    private Span<char> Reserve(int count)
    {
        if (_chars.Length - Length < count)
            Grow(count);
        return _chars.AsSpan(Length);
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(64, Math.Max(Length * 2, Length + count)));
        _chars.AsSpan(0, Length).CopyTo(larger);
        if (_chars.Length > 0)
            ArrayPool<char>.Shared.Return(_chars);
        _chars = larger;
    }
}
