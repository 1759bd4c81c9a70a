using System.Buffers;
using System.Collections.Concurrent;

namespace Gateway.Host.Listener;

/// <summary>
/// What Kestrel receives into and sends from, in blocks of <see cref="BlockSize"/>. Its own pool has blocks of 4 KiB, so that a prompt of
/// 256 KiB takes 64 calls of the kernel to receive, each with the wake-up of whoever reads it. A connection on which nothing moves holds no block.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    /// <summary>Bytes. With four times as many, or a quarter, a large prompt costs more.</summary>
    public const int BlockSize = 16 * 1024;

    private readonly ConcurrentQueue<Block> _free = new();
    private volatile bool _isDisposed;

    public override int MaxBufferSize => BlockSize;

    /// <param name="minBufferSize">At most <see cref="BlockSize"/>; a whole block is lent whatever it says.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is more.</exception>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        return _free.TryDequeue(out var block) ? block : new Block(this);
    }

    /// <summary>Leaves the blocks that nobody holds to the garbage collector.</summary>
    public void Trim() => _free.Clear();

    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        Trim();
    }

    private void Return(Block block)
    {
        if (!_isDisposed)
            _free.Enqueue(block);
    }

    /// <summary>Not pinned: on Linux the kernel fills it, and is given its address for one call only.</summary>
    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize);

        public void Dispose() => pool.Return(this);
    }
}
