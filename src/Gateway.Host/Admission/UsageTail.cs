using System.Buffers;
using Gateway.Host.Serving.Tokens.Answers;

namespace Gateway.Host.Admission;

/// <summary>
/// The last bytes of an answer, in which engines say what it cost: at the end of a JSON body, and in the last event before
/// <c>[DONE]</c> if the client asked for it. Costs one copy of a few bytes for each piece that passes; the answer is not parsed.
/// </summary>
internal sealed class UsageTail : IDisposable
{
    /// <summary>Bytes. An engine's usage with all its details, what it puts behind it, and <c>[DONE]</c> are some 500.</summary>
    private const int Capacity = 1024;

    private byte[] _window = ArrayPool<byte>.Shared.Rent(Capacity);
    private int _count;
    private long? _said;

    /// <summary>Takes note of the next piece.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        if (piece.Length >= Capacity)
        {
            piece[^Capacity..].CopyTo(_window);
            _count = Capacity;
            return;
        }

        var kept = Math.Min(_count, Capacity - piece.Length);
        if (kept < _count)
            _window.AsSpan(_count - kept, kept).CopyTo(_window);
        piece.CopyTo(_window.AsSpan(kept));
        _count = kept + piece.Length;
    }

    /// <summary>The tokens that the engine has counted, prompt and answer together.</summary>
    public bool TryRead(out long total)
    {
        if (_said is not { } said)
            return UsageText.TryRead(_window.AsSpan(0, _count), out total);
        total = said;
        return true;
    }

    /// <summary>The same in detail, as far as the engine has told.</summary>
    public bool TryReadUsage(out Usage usage) => UsageText.TryReadUsage(_window.AsSpan(0, _count), out usage);

    /// <summary>Forgets the answer, to be used for another.</summary>
    public void Clear()
    {
        _count = 0;
        _said = null;
    }

    /// <summary>The gateway has counted itself.</summary>
    public void Say(long total) => _said = total;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_window);
        _window = [];
        _count = 0;
    }
}
