using CsCheck;
using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using Gateway.Actors.Workers.KvEvents;
using Gateway.Wire.Common;

namespace Gateway.Actors.Tests.Workers.KvEvents;

/// <summary>From engines' blocks to what the index knows of a prompt's tokens.</summary>
public sealed class KvBlockBookTests
{
    private static readonly int[] Sizes = [1, 4, 8, 16, 32, 48];
    private readonly Worker _worker = Make.Worker();
    private readonly KvBlockIndex _index;
    private readonly KvBlockBook _book;

    public KvBlockBookTests()
    {
        _index = new KvBlockIndex(new PrefixTable(1 << 20), TokenBlockHasher.Instance, TimeSpan.FromSeconds(30), new ManualTime());
        _index.WorkersChanged([_worker]);
        _book = new KvBlockBook(_index, _worker);
    }

    [Fact]
    public void A_prompt_is_found_whatever_the_size_of_the_engines_blocks() =>
        Gen.Select(Gen.Int[0, 5].Select(static i => Sizes[i]), Gen.Int[1, 6], Gen.Int[0, 200]).Sample((size, parts, more) =>
        {
            var tests = new KvBlockBookTests();
            // In several events, each of which continues the last.
            var tokens = Tokens(96 * parts);
            foreach (var (part, number) in tokens.Chunk(96).Select(static (part, number) => (part, number)))
                tests.Store(part, size, firstHash: (number * 96 / size) + 1, parent: number == 0 ? null : number * 96 / size);
            Assert.Equal(tokens.Length * 4, tests.Known([.. tokens, .. Tokens(more)]));
        });

    [Fact]
    public void What_differs_in_its_first_token_is_another_prompt()
    {
        Store(Tokens(32), 16);
        Assert.Equal(0, Known([99, .. Tokens(32)[1..]]));
        Assert.Equal(64, Known([.. Tokens(16), 99, .. Tokens(15)]));
    }

    [Fact]
    public void A_block_that_is_gone_is_gone_with_all_that_builds_on_it()
    {
        Store(Tokens(64), 16);
        Apply(new KvCacheEvent { Removed = new KvBlocksRemoved { BlockHashes = { 3, 12345 } } });
        Assert.Equal(32 * 4, Known(Tokens(64)));
    }

    [Fact]
    public void After_a_clear_nothing_is_known_and_nothing_old_can_be_continued()
    {
        Store(Tokens(32), 16);
        Apply(new KvCacheEvent { Cleared = new KvCacheCleared() });
        Store(Tokens(32), 16, firstHash: 5, parent: 2);
        Assert.Equal(0, Known(Tokens(64)));
        Assert.True(_index.SpeaksFor(_worker));
    }

    [Fact]
    public void What_continues_an_unknown_block_is_left_out()
    {
        Store(Tokens(32), 16, parent: 77);
        Assert.Equal(0, Known(Tokens(32)));
    }

    [Theory]
    [InlineData("an adapter's")]
    [InlineData("in a lower tier")]
    [InlineData("without tokens")]
    [InlineData("a part of one")]
    public void Only_whole_blocks_of_the_model_itself_in_its_memory_count(string kind)
    {
        var block = new KvBlock { BlockHash = 1, TokenIds = { Tokens(16) }, BlockSize = 16 };
        switch (kind)
        {
            case "an adapter's":
                block.LoraId = 1;
                break;
            case "in a lower tier":
                block.CacheLevel = 1;
                break;
            case "without tokens":
                block.TokenIds.Clear();
                break;
            default:
                block.TokenIds.RemoveAt(0);
                break;
        }

        Apply(new KvCacheEvent { Stored = new KvBlocksStored { Blocks = { block } } });
        Assert.Equal(0, Known(Tokens(16)));
    }

    [Fact]
    public void A_copy_that_goes_from_a_lower_tier_changes_nothing()
    {
        Store(Tokens(16), 16);
        Apply(new KvCacheEvent { Removed = new KvBlocksRemoved { BlockHashes = { 1 }, CacheLevel = 1 } });
        Assert.Equal(64, Known(Tokens(16)));
    }

    private static uint[] Tokens(int count) => [.. Enumerable.Range(1, count).Select(static token => (uint)token)];

    private void Store(uint[] tokens, int size, long firstHash = 1, long? parent = null)
    {
        var stored = new KvBlocksStored();
        if (parent is { } hash)
            stored.ParentBlockHash = hash;
        foreach (var block in tokens.Chunk(size))
            stored.Blocks.Add(new KvBlock { BlockHash = firstHash++, TokenIds = { block }, BlockSize = size });
        Apply(new KvCacheEvent { Stored = stored });
    }

    private void Apply(KvCacheEvent change) => _book.Apply(change);

    private int Known(uint[] tokens)
    {
        var overlaps = new PrefixOverlaps();
        _index.Match([.. tokens.SelectMany(static token => BitConverter.GetBytes(token))], overlaps);
        return _index.BytesOf(overlaps, _worker, guess: 0);
    }
}
