using System.Buffers;

namespace Gateway.Host.Serving;

/// <summary>
/// A request's body in one pooled array. The array goes back when the request has ended and no attempt is sending it any more:
/// an engine may answer before it has read everything, and the sending then goes on behind the answer's back.
/// </summary>
internal sealed class RequestBody(byte[] array, int length)
{
    private byte[]? _array = array;
    private int _holders = 1;

    public int Length { get; } = length;

    public ReadOnlyMemory<byte> Memory => new(_array ?? throw new ObjectDisposedException(nameof(RequestBody)), 0, Length);

    public ReadOnlySpan<byte> Span => Memory.Span;

    /// <summary>Keeps the array for one more holder, who must <see cref="Release"/> it; fails if it has gone back.</summary>
    public bool TryHold()
    {
        for (var holders = Volatile.Read(ref _holders); holders > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return true;
            holders = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0 && Interlocked.Exchange(ref _array, null) is { } array)
            ArrayPool<byte>.Shared.Return(array);
    }
}
