using System.Buffers;
using System.Text;

namespace Gateway.Text.Templates;

/// <summary>
/// Characters in a rented array that grows: what a template renders into. The array goes back to the pool with <see cref="Dispose"/>, so
/// whoever holds the text holds this.
/// </summary>
public sealed class PooledText : IBufferWriter<char>, IDisposable
{
    private const int FirstSize = 1024;

    private char[] _characters;
    private int _length;

    public PooledText(int sizeHint = FirstSize) => _characters = ArrayPool<char>.Shared.Rent(Math.Max(sizeHint, 16));

    public int Length => _length;

    public ReadOnlySpan<char> Span => _characters.AsSpan(0, _length);

    public ReadOnlyMemory<char> Memory => _characters.AsMemory(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Takes off the end what is after <paramref name="length"/> characters.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_length, nameof(length));
        _length = length;
    }

    public void Write(ReadOnlySpan<char> text)
    {
        if (text.Length > _characters.Length - _length)
            Grow(text.Length);
        text.CopyTo(_characters.AsSpan(_length));
        _length += text.Length;
    }

    public void Write(char character)
    {
        if (_length == _characters.Length)
            Grow(1);
        _characters[_length++] = character;
    }

    /// <summary>Transcodes into the array, without a string between. What is not UTF-8 becomes U+FFFD.</summary>
    public void WriteUtf8(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > _characters.Length - _length)
            Grow(utf8.Length);
        _length += Encoding.UTF8.GetChars(utf8, _characters.AsSpan(_length));
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_characters.Length - _length), nameof(count));
        _length += count;
    }

    public Memory<char> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _characters.AsMemory(_length);
    }

    public Span<char> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _characters.AsSpan(_length);
    }

    public override string ToString() => new(Span);

    public void Dispose()
    {
        var characters = _characters;
        _characters = [];
        _length = 0;
        if (characters.Length > 0)
            ArrayPool<char>.Shared.Return(characters);
    }

    private void Reserve(int sizeHint)
    {
        var wanted = Math.Max(sizeHint, 1);
        if (wanted > _characters.Length - _length)
            Grow(wanted);
    }

    private void Grow(int more)
    {
        var size = (int)Math.Min(Math.Max((long)_characters.Length * 2, (long)_length + more), Array.MaxLength);
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(size, 16));
        Span.CopyTo(larger);
        var old = _characters;
        _characters = larger;
        if (old.Length > 0)
            ArrayPool<char>.Shared.Return(old);
    }
}
