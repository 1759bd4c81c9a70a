using System.Buffers;
using Gateway.Host.Listener;
using Gateway.Host.Tests.EndToEnd;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.Listener;

/// <summary>The blocks that connections receive into and send from.</summary>
public sealed class BlockPoolTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(BlockPool.BlockSize)]
    public void A_whole_block_is_lent_whatever_is_asked_for(int asked)
    {
        using var pool = new BlockPool();
        using var block = pool.Rent(asked);

        Assert.Equal(BlockPool.BlockSize, block.Memory.Length);
    }

    [Fact]
    public void More_than_a_block_is_refused()
    {
        using var pool = new BlockPool();

        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(BlockPool.BlockSize + 1));
    }

    [Fact]
    public void A_block_that_came_back_is_lent_again()
    {
        using var pool = new BlockPool();
        var first = pool.Rent();
        first.Dispose();

        Assert.Same(first, pool.Rent());
    }

    [Fact]
    public void What_nobody_holds_goes_when_a_peak_is_over()
    {
        var pools = new BlockPools();
        using var pool = pools.Create();
        var held = pool.Rent();
        var free = Freed(pool);

        pools.Trim();
        GC.Collect();

        Assert.False(free.IsAlive);
        held.Dispose();
        Assert.Same(held, pool.Rent());

        // In a method of its own, so that no local keeps it alive.
        static WeakReference Freed(MemoryPool<byte> pool)
        {
            var block = pool.Rent();
            block.Dispose();
            return new WeakReference(block);
        }
    }

    [Fact]
    public async Task The_gateways_connections_get_their_blocks_here()
    {
        await using var gateway = await LiveGateway.StartAsync(1);

        Assert.IsType<BlockPools>(gateway.App.Services.GetRequiredService<IMemoryPoolFactory<byte>>());
    }
}
