using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Host.Listener;

/// <summary>Gives Kestrel a pool for each of its queues, and remembers them, so that they can be emptied when a peak is over.</summary>
internal sealed class BlockPools : IMemoryPoolFactory<byte>
{
    private readonly ConcurrentBag<BlockPool> _pools = [];

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null)
    {
        var pool = new BlockPool();
        _pools.Add(pool);
        return pool;
    }

    /// <summary>Leaves what no connection holds to the garbage collector.</summary>
    public void Trim()
    {
        foreach (var pool in _pools)
            pool.Trim();
    }
}
