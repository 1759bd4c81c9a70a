using System.Buffers;

namespace Gateway.Host.Serving;

/// <summary>
/// The pooled buffer that an engine's answer passes through. Of an event stream only whole events leave it: what has come of the next
/// one waits for its end, so that a client is never sent a torn event, not even when the stream breaks.
/// A mutable struct that lives in the relay; dispose of it once.
/// </summary>
internal struct AnswerBuffer(int size, bool wholeEvents) : IDisposable
{
    /// <summary>Bytes. An event that is longer is passed on in pieces.</summary>
    private const int LongestWholeEvent = 256 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(size);
    private int _sent;
    private int _filled;
    private SseTail _tail;

    /// <summary>True if the client was sent nothing but whole events so far.</summary>
    public bool IsBetweenEvents { get; private set; } = true;

    /// <summary>True if what has come so far is an event stream that ends in <c>data: [DONE]</c>.</summary>
    public readonly bool EndsWithDone => wholeEvents && _tail.EndsWithDone;

    /// <summary>What may be sent now: the answer to the last <see cref="Take"/>.</summary>
    public readonly ReadOnlySpan<byte> Ready => _bytes.AsSpan(0, _sent);

    /// <summary>What is left when the answer has ended: an event without the empty line after it.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes.AsSpan(_sent, _filled - _sent);

    /// <summary>Where to read to. Forgets what was ready.</summary>
    public Memory<byte> Next()
    {
        if (_sent > 0)
        {
            Rest.CopyTo(_bytes);
            _filled -= _sent;
            _sent = 0;
        }

        if (_filled == _bytes.Length)
            Grow();
        return _bytes.AsMemory(_filled);
    }

    /// <summary>Takes note that so many bytes were read.</summary>
    /// <returns>How many may be sent.</returns>
    public int Take(int read)
    {
        var before = _filled;
        _filled += read;
        if (!wholeEvents)
            return _sent = _filled;
        _tail.Append(_bytes.AsSpan(before, read));
        _sent = EventsEnd(before);
        IsBetweenEvents |= _sent > 0;
        if (_sent == 0 && _filled >= LongestWholeEvent)
        {
            _sent = _filled;
            IsBetweenEvents = false;
        }

        return _sent;
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    /// <summary>Where the last whole event ends, or 0. There is none in what stood here before the last read.</summary>
    private readonly int EventsEnd(int before)
    {
        var bytes = _bytes.AsSpan(0, _filled);
        if (bytes.EndsWith("\n\n"u8))
            return _filled;
        // The three ways to write two line ends; the first may have come with an earlier read.
        var from = Math.Max(0, before - 2);
        var recent = bytes[from..];
        var end = Math.Max(
            End(recent.LastIndexOf("\n\n"u8), 2),
            Math.Max(End(recent.LastIndexOf("\n\r\n"u8), 3), End(recent.LastIndexOf("\r\r"u8), 2)));
        return end == 0 ? 0 : from + end;
    }

    private static int End(int index, int length) => index < 0 ? 0 : index + length;

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        _bytes.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
