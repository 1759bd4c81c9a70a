using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Gateway.Host.Serving;

/// <summary>
/// The last bytes of an event stream, from which one can tell how it stands when it ends: between two events or within one,
/// and whether the last event was <c>[DONE]</c>. Costs a copy of a few bytes for each piece that passes, whatever its size.
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

    /// <summary>True if nothing came yet, or the last event is closed by an empty line.</summary>
    public readonly bool IsBetweenEvents
    {
        get
        {
            var bytes = Bytes;
            if (bytes.IsEmpty)
                return true;
            if (bytes[^1] is not ((byte)'\n' or (byte)'\r'))
                return false;
            var line = TrimLineEnd(bytes);
            return line.IsEmpty ? !_overflowed : line[^1] is (byte)'\n' or (byte)'\r';
        }
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

    /// <summary>Without the one line end it ends in: CR LF, LF or CR.</summary>
    private static ReadOnlySpan<byte> TrimLineEnd(ReadOnlySpan<byte> bytes) =>
        bytes is [.., (byte)'\r', (byte)'\n'] ? bytes[..^2] : bytes[..^1];

    [InlineArray(Capacity)]
    private struct Window
    {
        private byte _first;
    }
}
