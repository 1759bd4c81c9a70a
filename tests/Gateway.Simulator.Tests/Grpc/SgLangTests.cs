using Gateway.Simulator.Tests.Http;
using Gateway.Wire.Common;
using Gateway.Wire.SgLang;
using Grpc.Core;
using ResponseOneofCase = Gateway.Wire.SgLang.GenerateResponse.ResponseOneofCase;

namespace Gateway.Simulator.Tests.Grpc;

public sealed class SgLangTests : IAsyncLifetime
{
    private static readonly Dictionary<string, Action<GenerateRequest>> _nonsense = new()
    {
        ["no prompt"] = static request => request.Tokenized = null,
        ["an empty prompt"] = static request => request.Tokenized.InputIds.Clear(),
        ["no sampling"] = static request => request.SamplingParams = null,
        ["a top_p that was not set"] = static request => request.SamplingParams.TopP = 0,
        ["a top_k that was not set"] = static request => request.SamplingParams.TopK = 0,
        ["no choices"] = static request => request.SamplingParams.N = 0,
        ["no tokens"] = static request => request.SamplingParams.MaxNewTokens = 0,
        ["a rank that is not there"] = static request => request.DataParallelRank = 7,
    };

    private GrpcBench _bench = null!;

    public async Task InitializeAsync() => _bench = await GrpcBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_stream_has_new_tokens_and_sums_of_counts_and_one_end()
    {
        var answer = await _bench.GenerateAsync(GrpcBench.SgLangRequest());

        var chunks = answer[..^1].ConvertAll(static message => message.Chunk);
        var end = answer[^1].Complete;
        var sum = 0u;
        foreach (var chunk in chunks)
            Assert.Equal(sum += (uint)chunk.TokenIds.Count, chunk.CompletionTokens);
        Assert.Equal((sum, 40u, "stop"), (end.CompletionTokens, end.PromptTokens, end.FinishReason));
        Assert.Equal(2u, end.MatchedTokenId);
        Assert.All(answer, static message => Assert.Equal("r", message.RequestId));
        Assert.Equal((1, 1), (_bench.Stats.Started, _bench.Stats.Finished));
    }

    [Fact]
    public async Task A_whole_answer_is_one_message_with_the_tokens_that_a_stream_has()
    {
        var stream = await _bench.GenerateAsync(GrpcBench.SgLangRequest());

        var whole = Assert.Single(await _bench.GenerateAsync(GrpcBench.SgLangRequest(stream: false)));

        Assert.Equal(stream[..^1].SelectMany(static message => message.Chunk.TokenIds), whole.Complete.OutputIds);
        Assert.Equal(32u, whole.Complete.CachedTokens);
    }

    [Fact]
    public async Task Choices_come_side_by_side_by_their_index_with_an_end_each()
    {
        var request = GrpcBench.SgLangRequest();
        request.SamplingParams.N = 3;

        var answer = await _bench.GenerateAsync(request);

        var ends = answer.Where(static message => message.ResponseCase == ResponseOneofCase.Complete).Select(static message => message.Complete).ToList();
        Assert.Equal([0u, 1u, 2u], ends.Select(static end => end.Index).Order());
        foreach (var end in ends)
        {
            var tokens = answer.Where(message => message.Chunk?.Index == end.Index).Sum(static message => message.Chunk.TokenIds.Count);
            Assert.Equal((int)end.CompletionTokens, tokens);
        }
    }

    [Fact]
    public async Task An_answer_that_reaches_its_most_tokens_ends_with_the_reason_length()
    {
        var request = GrpcBench.SgLangRequest(stream: false);
        request.SamplingParams.MaxNewTokens = 5;

        var end = Assert.Single(await _bench.GenerateAsync(request)).Complete;

        Assert.Equal(("length", 5), (end.FinishReason, end.OutputIds.Count));
        Assert.Equal(GenerateComplete.MatchedStopOneofCase.None, end.MatchedStopCase);
    }

    [Fact]
    public async Task An_answer_ends_with_the_first_stop_token()
    {
        var request = GrpcBench.SgLangRequest(stream: false);
        var tokens = Assert.Single(await _bench.GenerateAsync(request)).Complete.OutputIds;
        request.SamplingParams.StopTokenIds.Add(tokens[7]);

        var end = Assert.Single(await _bench.GenerateAsync(request)).Complete;

        Assert.Equal(tokens.Take(tokens.IndexOf(tokens[7]) + 1), end.OutputIds);
        Assert.Equal(("stop", tokens[7]), (end.FinishReason, end.MatchedTokenId));
    }

    [Fact]
    public async Task Tokens_are_of_the_vocabulary()
    {
        await using var bench = await GrpcBench.StartAsync(new SimulatorOptions { Timings = EngineTimings.Instant, VocabularySize = 50 });

        var end = Assert.Single(await bench.GenerateAsync(GrpcBench.SgLangRequest(stream: false))).Complete;

        Assert.All(end.OutputIds, static id => Assert.InRange(id, 0u, 49u));
        Assert.DoesNotContain(2u, end.OutputIds);
    }

    [Fact]
    public async Task Log_probabilities_come_when_asked_for_and_are_the_same_again()
    {
        Assert.Null(Assert.Single(await _bench.GenerateAsync(GrpcBench.SgLangRequest(stream: false))).Complete.OutputLogprobs);
        var request = GrpcBench.SgLangRequest(stream: false);
        (request.ReturnLogprob, request.TopLogprobsNum, request.LogprobStartLen) = (true, 2, 0);

        var first = Assert.Single(await _bench.GenerateAsync(request)).Complete;
        var again = Assert.Single(await _bench.GenerateAsync(request)).Complete;

        Assert.Equal(first.OutputLogprobs, again.OutputLogprobs);
        Assert.Equal(first.OutputIds, first.OutputLogprobs.TokenIds);
        Assert.All(first.OutputLogprobs.TokenLogprobs, static value => Assert.InRange(value, -8, 0));
        Assert.All(first.OutputLogprobs.TopLogprobs, static top => Assert.Equal(2, top.TokenIds.Count));
        Assert.Equal(40, first.InputLogprobs.TokenIds.Count);
        Assert.False(first.InputLogprobs.TokenLogprobs[0].HasValue);
        Assert.True(first.InputLogprobs.TokenLogprobs[1].HasValue);
    }

    [Fact]
    public async Task Log_probabilities_of_the_prompt_come_with_the_first_chunk_alone()
    {
        var request = GrpcBench.SgLangRequest();
        (request.ReturnLogprob, request.LogprobStartLen) = (true, 0);

        var answer = await _bench.GenerateAsync(request);

        Assert.NotNull(answer[0].Chunk.InputLogprobs);
        Assert.All(answer[1..^1], static message => Assert.Null(message.Chunk.InputLogprobs));
        Assert.Null(answer[^1].Complete.InputLogprobs);
    }

    [Theory]
    [InlineData("no prompt")]
    [InlineData("an empty prompt")]
    [InlineData("no sampling")]
    [InlineData("a top_p that was not set")]
    [InlineData("a top_k that was not set")]
    [InlineData("no choices")]
    [InlineData("no tokens")]
    [InlineData("a rank that is not there")]
    public async Task Nonsense_is_an_invalid_argument(string what)
    {
        var request = GrpcBench.SgLangRequest();
        _nonsense[what](request);

        var error = await _bench.FailAsync(request);

        Assert.Equal((StatusCode.InvalidArgument, 0), (error.StatusCode, _bench.Stats.Running));
    }

    [Fact]
    public async Task A_client_that_leaves_a_stream_aborts_its_generation()
    {
        using (await _bench.BeginAsync(GrpcBench.EndlessSgLang()))
            Assert.Equal(1, _bench.Stats.Running);

        await Eventually.BecomesTrueAsync(() => _bench.Stats.Aborted == 1);
        Assert.Equal((0, 0), (_bench.Stats.Running, _bench.Stats.KvUsedTokens));
    }

    [Fact]
    public async Task A_deadline_aborts_the_generation()
    {
        using var call = _bench.SgLang.Generate(GrpcBench.EndlessSgLang(), deadline: DateTime.UtcNow.AddMilliseconds(300));

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.ReadAllAsync().ToListAsync().AsTask());

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await Eventually.BecomesTrueAsync(() => _bench.Stats.Aborted == 1);
    }

    [Fact]
    public async Task An_abort_ends_all_streams_whose_id_begins_so()
    {
        using var mine = await _bench.BeginAsync(GrpcBench.EndlessSgLang("mine-0"));
        using var other = await _bench.BeginAsync(GrpcBench.EndlessSgLang("other"));

        var answer = await _bench.SgLang.AbortAsync(new AbortRequest { RequestId = "mine" });

        Assert.True(answer.Success);
        var rest = await mine.ResponseStream.ReadAllAsync().ToListAsync();
        Assert.Equal("abort", rest[^1].Complete.FinishReason);
        Assert.Equal((1, 1), (_bench.Stats.Aborted, _bench.Stats.Running));
    }

    [Fact]
    public async Task An_abort_without_an_id_aborts_nothing()
    {
        using var running = await _bench.BeginAsync(GrpcBench.EndlessSgLang());

        var error = await Assert.ThrowsAsync<RpcException>(() => _bench.SgLang.AbortAsync(new AbortRequest()).ResponseAsync);

        Assert.Equal((StatusCode.InvalidArgument, 1), (error.StatusCode, _bench.Stats.Running));
        Assert.False((await _bench.SgLang.AbortAsync(new AbortRequest { RequestId = "nobody" })).Success);
    }

    [Fact]
    public async Task It_tells_what_it_is_and_how_busy()
    {
        using var running = await _bench.BeginAsync(GrpcBench.EndlessSgLang());

        var model = await _bench.SgLang.GetModelInfoAsync(new GetModelInfoRequest());
        var server = await _bench.SgLang.GetServerInfoAsync(new GetServerInfoRequest());
        var loads = await _bench.SgLang.GetLoadsAsync(new GetLoadsRequest());

        Assert.Equal(("sim-8b", 131_072, 32_000), (model.ServedModelName, model.MaxContextLength, model.VocabSize));
        Assert.Equal(256, server.SchedulerInfo.Fields["max_running_requests"].NumberValue);
        Assert.Equal(1, server.ServerArgs.Fields["dp_size"].NumberValue);
        var load = Assert.Single(loads.Loads);
        Assert.Equal((1, 256), (load.NumRunningReqs, load.MaxRunningRequests));
        Assert.True(load.NumUsedTokens > 50_000);
    }

    [Fact]
    public async Task Ranks_have_loads_of_their_own_and_are_chosen_by_the_request()
    {
        await using var bench = await GrpcBench.StartAsync(new SimulatorOptions { DataParallelSize = 3 });
        var request = GrpcBench.EndlessSgLang();
        request.DataParallelRank = 2;
        using var running = await bench.BeginAsync(request);

        var loads = await bench.SgLang.GetLoadsAsync(new GetLoadsRequest());

        Assert.Equal([0, 0, 1], loads.Loads.Select(static load => load.NumRunningReqs));
        Assert.Equal([0L, 0, 1], bench.Stats.RequestsByRank);
    }

    [Fact]
    public async Task A_flush_empties_the_prefix_cache()
    {
        await _bench.GenerateAsync(GrpcBench.SgLangRequest());

        Assert.True((await _bench.SgLang.FlushCacheAsync(new FlushCacheRequest())).Success);

        Assert.Equal(0u, Assert.Single(await _bench.GenerateAsync(GrpcBench.SgLangRequest(stream: false))).Complete.CachedTokens);
    }

    [Fact]
    public async Task An_embedding_has_as_many_numbers_as_the_worker_says_and_depends_on_the_tokens()
    {
        var one = await _bench.SgLang.EmbedAsync(new EmbedRequest { Tokenized = new TokenizedInput { InputIds = { 1, 2 } } });
        var other = await _bench.SgLang.EmbedAsync(new EmbedRequest { Tokenized = new TokenizedInput { InputIds = { 1, 3 } } });

        Assert.Equal((64u, 64, 2u), (one.EmbeddingDim, one.Embedding.Count, one.PromptTokens));
        Assert.NotEqual(one.Embedding, other.Embedding);
    }
}
