using Gateway.Wire.Common;
using Gateway.Wire.SgLang;
using Grpc.Core;

namespace Gateway.Simulator.Tests.Grpc;

public sealed class KvEventTests
{
    private static readonly SimulatorOptions _options = new() { Timings = EngineTimings.Instant, Script = AnswerScript.OfTokens(7, 8, 9) };

    [Fact]
    public async Task Stored_blocks_have_their_tokens_and_follow_the_block_before()
    {
        await using var bench = await GrpcBench.StartAsync(_options);
        await bench.GenerateAsync(GrpcBench.SgLangRequest(prompt: 40));
        await bench.GenerateAsync(GrpcBench.SgLangRequest(prompt: 64));

        var batches = await ReadAsync(bench, from: 1, batches: 2);

        Assert.Equal([1ul, 2], batches.Select(static batch => batch.SequenceNumber));
        var first = Assert.Single(batches[0].Events).Stored;
        Assert.False(first.HasParentBlockHash);
        Assert.Equal(GrpcBench.Prompt(32), first.Blocks.SelectMany(static block => block.TokenIds));
        Assert.All(first.Blocks, static block => Assert.Equal(16, block.BlockSize));
        var second = Assert.Single(batches[1].Events).Stored;
        Assert.Equal(first.Blocks[^1].BlockHash, second.ParentBlockHash);
        Assert.Equal(GrpcBench.Prompt(64).Skip(32), second.Blocks.SelectMany(static block => block.TokenIds));
    }

    [Fact]
    public async Task Evicted_blocks_are_told_by_the_hashes_under_which_they_were_stored()
    {
        await using var bench = await GrpcBench.StartAsync(_options with { KvCapacityTokens = 64 });
        await bench.GenerateAsync(GrpcBench.SgLangRequest(prompt: 40));
        var other = GrpcBench.SgLangRequest(prompt: 40);
        other.Tokenized.InputIds[0] = 1;
        await bench.GenerateAsync(other);

        var events = (await ReadAsync(bench, from: 1, batches: 2)).SelectMany(static batch => batch.Events).ToList();

        var stored = events[0].Stored.Blocks.Select(static block => block.BlockHash).ToList();
        var removed = Assert.Single(events, static happened => happened.DataCase == KvCacheEvent.DataOneofCase.Removed).Removed;
        Assert.Subset(stored.ToHashSet(), removed.BlockHashes.ToHashSet());
        Assert.Equal(events.Count, events.Select(static happened => happened.EventId).Distinct().Count());
    }

    [Fact]
    public async Task A_flush_of_an_idle_cache_is_told_as_cleared()
    {
        await using var bench = await GrpcBench.StartAsync(_options);
        await bench.GenerateAsync(GrpcBench.SgLangRequest());
        await bench.SgLang.FlushCacheAsync(new FlushCacheRequest());

        var batch = Assert.Single(await ReadAsync(bench, from: 2, batches: 1));

        Assert.Equal(KvCacheEvent.DataOneofCase.Cleared, Assert.Single(batch.Events).DataCase);
    }

    [Fact]
    public async Task Without_a_number_they_come_from_now_on()
    {
        await using var bench = await GrpcBench.StartAsync(_options);
        await bench.GenerateAsync(GrpcBench.SgLangRequest());
        using var call = bench.SgLang.SubscribeKvEvents(new SubscribeKvEventsRequest());
        await call.ResponseHeadersAsync;

        await bench.GenerateAsync(GrpcBench.SgLangRequest(prompt: 64));

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(2ul, call.ResponseStream.Current.SequenceNumber);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public async Task A_number_that_is_forgotten_or_of_another_life_is_out_of_range(ulong from)
    {
        await using var bench = await GrpcBench.StartAsync(_options with { KvEventHistory = 2 });
        foreach (var prompt in (int[])[40, 64, 96])
            await bench.GenerateAsync(GrpcBench.SgLangRequest(prompt: prompt));

        var error = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(bench, from, batches: 1));

        Assert.Equal(StatusCode.OutOfRange, error.StatusCode);
        Assert.Equal(2, (await ReadAsync(bench, from: 2, batches: 2)).Count);
    }

    [Fact]
    public async Task Batches_of_several_ranks_say_which_one()
    {
        await using var bench = await GrpcBench.StartAsync(_options with { DataParallelSize = 2 });
        var request = GrpcBench.SgLangRequest();
        request.DataParallelRank = 1;
        await bench.GenerateAsync(request);

        Assert.Equal(1, Assert.Single(await ReadAsync(bench, from: 1, batches: 1)).DpRank);
    }

    private static async Task<List<KvEventBatch>> ReadAsync(GrpcBench bench, ulong from, int batches)
    {
        using var call = bench.SgLang.SubscribeKvEvents(new SubscribeKvEventsRequest { StartSequenceNumber = from });
        return await call.ResponseStream.ReadAllAsync().Take(batches).ToListAsync();
    }
}
