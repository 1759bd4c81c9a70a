using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Gateway.Host.Serving;

/// <summary>
/// The last bytes of an event stream, from which one can tell whether its last event was <c>[DONE]</c>. Costs a copy of a few bytes for
/// each piece that passes, whatever its size.
/// </summary>
internal struct SseTail
{
    /// <summary>More than <c>"\r\n\r\ndata: [DONE]\r\n\r\n"</c>, with room for a few idle line ends.</summary>
    private const int Capacity = 32;

    private Window _window;
    private int _count;
    private bool _overflowed;

    /// <summary>Takes note of the next piece.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        Span<byte> window = _window;
        if (piece.Length >= Capacity)
        {
            _overflowed |= _count > 0 || piece.Length > Capacity;
            piece[^Capacity..].CopyTo(window);
            _count = Capacity;
            return;
        }

        var kept = Math.Min(_count, Capacity - piece.Length);
        if (kept < _count)
        {
            _overflowed = true;
            window.Slice(_count - kept, kept).CopyTo(window);
        }

        piece.CopyTo(window[kept..]);
        _count = kept + piece.Length;
    }

    /// <summary>True if the last line that is not empty is <c>data: [DONE]</c>.</summary>
    public readonly bool EndsWithDone
    {
        get
        {
            var bytes = Bytes.TrimEnd("\r\n"u8);
            if (!bytes.EndsWith("[DONE]"u8))
                return false;
            bytes = bytes[..^"[DONE]"u8.Length];
            if (bytes is [.., (byte)' '])
                bytes = bytes[..^1];
            if (!bytes.EndsWith("data:"u8))
                return false;
            bytes = bytes[..^"data:"u8.Length];
            return bytes.IsEmpty ? !_overflowed : bytes[^1] is (byte)'\n' or (byte)'\r';
        }
    }

    [UnscopedRef]
    private readonly ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_window)[.._count];

    [InlineArray(Capacity)]
    private struct Window
    {
        private byte _first;
    }
}
