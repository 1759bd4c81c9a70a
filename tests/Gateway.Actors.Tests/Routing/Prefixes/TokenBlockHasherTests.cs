using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Tests.Support;

namespace Gateway.Actors.Tests.Routing.Prefixes;

public sealed class TokenBlockHasherTests
{
    [Fact]
    public void A_block_is_named_by_all_tokens_up_to_its_end_whatever_its_size()
    {
        var prompt = Prompt(64);
        var (small, large) = (new ulong[16], new ulong[4]);
        Assert.Equal(16, TokenBlockHasher.Instance.Hash(prompt, 4, small, out var tokens));
        Assert.Equal(4, TokenBlockHasher.Instance.Hash(prompt, 16, large, out _));
        Assert.Equal(64, tokens);
        Assert.Equal([small[3], small[7], small[11], small[15]], large);
        Assert.Equal(16, small.Distinct().Count());
        var hash = TokenBlockHasher.Root;
        for (var token = 1u; token <= 16; token++)
            hash = TokenBlockHasher.Next(hash, token);
        Assert.Equal(large[0], hash);
    }

    [Fact]
    public void Only_whole_blocks_and_whole_tokens_count()
    {
        var blocks = new ulong[8];
        Assert.Equal(1, TokenBlockHasher.Instance.Hash([.. Prompt(7), 1, 2], 4, blocks, out var tokens));
        Assert.Equal(7, tokens);
        Assert.Equal(0, TokenBlockHasher.Instance.Hash([], 4, blocks, out _));
        Assert.Equal(2, TokenBlockHasher.Instance.Hash(Prompt(64), 4, blocks.AsSpan(0, 2), out _));
    }

    [Fact]
    public void Hashing_allocates_nothing()
    {
        var prompt = Prompt(64);
        var blocks = new ulong[16];
        Allocations.AssertNone(1000, _ => TokenBlockHasher.Instance.Hash(prompt, 4, blocks, out var _));
    }

    private static byte[] Prompt(int tokens) => [.. Enumerable.Range(1, tokens).SelectMany(BitConverter.GetBytes)];
}
