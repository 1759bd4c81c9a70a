using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Channels;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Engines.SgLang;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Actors.Workers;
using Gateway.Wire.SgLang;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Actors.Tests.Engines.Generation;

/// <summary>Generations over real connections, from the first step to the end or the abort.</summary>
public sealed class GenerationTests : IAsyncLifetime
{
    private readonly FakeSgLang _engine = new();
    private StubServer _server = null!;
    private GrpcEngineClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await GrpcServer.StartAsync(_engine);
        _client = await GrpcServer.ConnectAsync(_server, Secret.FromNullable("key"));
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Steps_are_what_is_new_and_counts_are_sums()
    {
        await using var generation = Start();
        Assert.True(await generation.ReadAsync(CancellationToken.None));
        Assert.Equal([11], generation.Current.Tokens.ToArray());
        Assert.True(await generation.ReadAsync(CancellationToken.None));
        Assert.Equal([12], generation.Current.Tokens.ToArray());
        Assert.Equal((3, 2, 1, FinishReason.None), Counts(generation.Current));
        Assert.True(await generation.ReadAsync(CancellationToken.None));
        Assert.Equal(0, generation.Current.Tokens.Length);
        Assert.Equal((3, 2, 1, FinishReason.Stop), Counts(generation.Current));
        Assert.Equal(2, generation.Current.MatchedToken);
        Assert.False(await generation.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Several_choices_come_as_they_come_and_end_after_the_last()
    {
        _engine.OnGenerate = static async (_, answer, _) =>
        {
            await answer.WriteAsync(FakeSgLang.Chunk(1, 1, 21));
            await answer.WriteAsync(FakeSgLang.Chunk(0, 1, 11));
            await answer.WriteAsync(FakeSgLang.Complete(1, 1, 21));
            await answer.WriteAsync(FakeSgLang.Complete(0, 2, 11, 12));
        };
        await using var generation = Start(choices: 2);
        var steps = new List<(int, string, FinishReason)>();
        while (await generation.ReadAsync(CancellationToken.None))
            steps.Add((generation.Current.Index, string.Join(' ', generation.Current.Tokens.ToArray()), generation.Current.Finish));
        Assert.Equal([(1, "21", FinishReason.None), (0, "11", FinishReason.None), (1, "", FinishReason.Stop), (0, "12", FinishReason.Stop)], steps);
    }

    [Fact]
    public async Task A_stream_that_ends_before_each_choice_has_finished_is_a_broken_connection()
    {
        _engine.OnGenerate = static async (_, answer, _) => await answer.WriteAsync(FakeSgLang.Complete(0, 1, 11));
        await using var generation = Start(choices: 2);
        Assert.True(await generation.ReadAsync(CancellationToken.None));
        Assert.Equal(EngineFault.Unreachable, (await FailureAsync(generation)).Fault);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, EngineFault.InvalidRequest)]
    [InlineData(StatusCode.ResourceExhausted, EngineFault.Busy)]
    [InlineData(StatusCode.Unavailable, EngineFault.Unreachable)]
    [InlineData(StatusCode.DeadlineExceeded, EngineFault.Timeout)]
    [InlineData(StatusCode.Unimplemented, EngineFault.Unsupported)]
    [InlineData(StatusCode.Unauthenticated, EngineFault.Unauthorized)]
    [InlineData(StatusCode.PermissionDenied, EngineFault.Unauthorized)]
    [InlineData(StatusCode.Cancelled, EngineFault.Failed)]
    [InlineData(StatusCode.Internal, EngineFault.Failed)]
    [InlineData(StatusCode.FailedPrecondition, EngineFault.Failed)]
    public async Task What_an_engine_says_is_what_a_caller_gets(StatusCode status, EngineFault fault)
    {
        _engine.OnGenerate = (_, _, _) => throw new RpcException(new Status(status, "said"));
        await using var generation = Start();
        var failure = await FailureAsync(generation);
        Assert.Equal((fault, "said"), (failure.Fault, failure.Message));
    }

    [Fact]
    public async Task A_request_that_the_engine_has_refused_is_not_aborted()
    {
        _engine.OnGenerate = static (_, _, _) => throw new RpcException(new Status(StatusCode.InvalidArgument, "no"));
        await using (var refused = Start())
            await FailureAsync(refused);
        await AbortOfAnotherAsync();
        Assert.Single(_engine.Aborted);
    }

    [Fact]
    public async Task A_finished_generation_is_not_aborted()
    {
        await using (var whole = Start())
        {
            while (await whole.ReadAsync(CancellationToken.None))
            {
            }
        }

        // Nor one whose last step was read, if not the end behind it.
        await using (var whole = Start())
        {
            while (await whole.ReadAsync(CancellationToken.None) && whole.Current.Finish == FinishReason.None)
            {
            }
        }

        await AbortOfAnotherAsync();
        Assert.Single(_engine.Aborted);
    }

    [Theory]
    [InlineData("at once")]
    [InlineData("before the first token")]
    [InlineData("in the stream")]
    public async Task Letting_go_of_a_generation_aborts_it_in_every_phase(string phase)
    {
        var hasBegun = new TaskCompletionSource();
        var isCancelled = new TaskCompletionSource();
        _engine.OnGenerate = async (_, answer, context) =>
        {
            context.CancellationToken.Register(isCancelled.SetResult);
            if (phase == "in the stream")
                await answer.WriteAsync(FakeSgLang.Chunk(0, 1, 11));
            hasBegun.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        };
        var request = Request();
        var generation = _client.Generate(request, null, CancellationToken.None);
        if (phase != "at once")
            await hasBegun.Task;
        if (phase == "in the stream")
            Assert.True(await generation.ReadAsync(CancellationToken.None));
        await generation.DisposeAsync();
        await generation.DisposeAsync();
        await Eventually.HoldsAsync(() => Assert.Equal([request.RequestId], _engine.Aborted));
        if (phase != "at once")
            await isCancelled.Task;
    }

    [Fact]
    public async Task A_cancelled_read_says_so_and_the_engine_is_told()
    {
        _engine.OnGenerate = Never;
        using var cancellation = new CancellationTokenSource();
        var request = Request();
        await using (var generation = _client.Generate(request, null, CancellationToken.None))
        {
            var read = generation.ReadAsync(cancellation.Token).AsTask();
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        }

        await Eventually.HoldsAsync(() => Assert.Equal([request.RequestId], _engine.Aborted));
    }

    [Fact]
    public async Task A_deadline_reaches_the_engine_and_ends_as_a_timeout()
    {
        _engine.OnGenerate = Never;
        var request = Request();
        await using (var generation = _client.Generate(request, DateTime.UtcNow.AddMilliseconds(200), CancellationToken.None))
            Assert.Equal(EngineFault.Timeout, (await FailureAsync(generation)).Fault);
        Assert.True(Assert.Single(_engine.Calls).Deadline < DateTime.UtcNow.AddMinutes(1));
        await Eventually.HoldsAsync(() => Assert.Equal([request.RequestId], _engine.Aborted));
    }

    [Fact]
    public async Task The_workers_key_and_the_clients_trace_go_with_a_call()
    {
        await using var generation = _client.Generate(Request(), null, CancellationToken.None, new TraceContext("00-a-b-01", "x=y"));
        Assert.True(await generation.ReadAsync(CancellationToken.None));
        var headers = Assert.Single(_engine.Calls).Headers;
        Assert.Equal(("Bearer key", "00-a-b-01", "x=y"), (headers.GetValue("authorization"), headers.GetValue("traceparent"), headers.GetValue("tracestate")));
    }

    [Fact]
    public async Task Generations_spread_evenly_over_the_channels()
    {
        _engine.OnGenerate = Never;
        var running = Enumerable.Range(0, EngineChannels.Count * 3).Select(_ => Start()).ToArray();
        await Eventually.HoldsAsync(() => Assert.Equal(running.Length, _engine.Calls.Count));
        var perConnection = _engine.Calls.CountBy(static call => call.Connection).Select(static connection => connection.Value);
        Assert.Equal(Enumerable.Repeat(3, EngineChannels.Count), perConnection);
        foreach (var generation in running)
            await generation.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_the_engine_closes_ends_no_generation_and_refuses_none()
    {
        var goOn = new TaskCompletionSource();
        _engine.OnGenerate = async (request, answer, context) =>
        {
            await answer.WriteAsync(FakeSgLang.Chunk(0, 1, 11));
            if (request.Tokenized.OriginalText == "first")
            {
                context.GetHttpContext().Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().RequestClose();
                await goOn.Task;
            }

            await answer.WriteAsync(FakeSgLang.Complete(0, 1, 11));
        };
        await using var first = _client.Generate(Request() with { PromptText = "first" }, null, CancellationToken.None);
        Assert.True(await first.ReadAsync(CancellationToken.None));
        for (var i = 0; i < EngineChannels.Count * 2; i++)
        {
            await using var next = Start();
            while (await next.ReadAsync(CancellationToken.None))
            {
            }
        }

        goOn.SetResult();
        Assert.True(await first.ReadAsync(CancellationToken.None));
        Assert.False(await first.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_dies_in_the_stream_is_unreachable()
    {
        _engine.OnGenerate = static async (_, answer, context) =>
        {
            await answer.WriteAsync(FakeSgLang.Chunk(0, 1, 11));
            context.GetHttpContext().Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        };
        await using var generation = Start();
        Assert.Equal(EngineFault.Unreachable, (await FailureAsync(generation)).Fault);
    }

    [Fact]
    public async Task A_stream_that_is_reset_is_a_broken_connection_and_no_answer_of_the_engine()
    {
        const int InternalError = 2;
        _engine.OnGenerate = static async (_, answer, context) =>
        {
            await answer.WriteAsync(FakeSgLang.Chunk(0, 1, 11));
            context.GetHttpContext().Features.GetRequiredFeature<IHttpResetFeature>().Reset(InternalError);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        };
        await using var generation = Start();
        Assert.Equal(EngineFault.Unreachable, (await FailureAsync(generation)).Fault);
    }

    [Fact]
    public async Task Aborts_that_wait_are_still_sent_when_the_client_is_disposed_of()
    {
        _engine.OnGenerate = Never;
        var generation = Start();
        await Eventually.HoldsAsync(() => Assert.Single(_engine.Calls));
        await generation.DisposeAsync();
        _client.Dispose();
        await Eventually.HoldsAsync(() => Assert.Single(_engine.Aborted));
        await Eventually.HoldsAsync(() => Assert.Equal(
            EngineFault.Unreachable, Assert.Throws<EngineException>(() => { _client.Generate(Request(), null, CancellationToken.None); }).Fault));
    }

    [Fact]
    public async Task An_abort_that_fails_is_counted_and_is_nobodys_failure()
    {
        _engine.OnGenerate = Never;
        var generation = Start();
        await Eventually.HoldsAsync(() => Assert.Single(_engine.Calls));
        await _server.DisposeAsync();
        await generation.DisposeAsync();
        await Eventually.HoldsAsync(() => Assert.Equal(1, _client.FailedAborts));
    }

    [Fact]
    public void A_step_that_is_read_allocates_nothing()
    {
        var steps = new SgLangSteps(Request());
        GenerateResponse[] messages = [.. Enumerable.Range(1, 1001).Select(static sum => FakeSgLang.Chunk(0, (uint)sum, 11, 12))];
        Assert.True(steps.TryRead(messages[^1], out _));
        Allocations.AssertNone(1000, call => steps.TryRead(messages[call], out _));
    }

    [Fact]
    public void No_id_is_the_prefix_of_another()
    {
        var ids = Enumerable.Range(0, 1000).Select(static _ => EngineRequestId.New()).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Single(ids.Select(static id => id.Length).Distinct());
    }

    [Fact]
    public async Task A_text_is_embedded()
    {
        var result = await _client.EmbedAsync(Embedding(), null, CancellationToken.None);
        Assert.Equal([0.5f, -1f], result.Values);
        Assert.Equal(3, result.PromptTokens);
    }

    [Fact]
    public async Task An_embedding_that_is_given_up_is_aborted()
    {
        var request = Embedding();
        using var cancellation = new CancellationTokenSource();
        _engine.OnEmbed = static async (_, call) =>
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            throw new InvalidOperationException();
        };
        var embedding = _client.EmbedAsync(request, null, cancellation.Token);
        await Eventually.HoldsAsync(() => Assert.NotEmpty(_engine.Embeddings));

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => embedding);
        await Eventually.HoldsAsync(() => Assert.Equal([request.RequestId], _engine.Aborted));
    }

    [Fact]
    public async Task A_pair_of_texts_is_told_apart()
    {
        await _client.EmbedAsync(Embedding() with { Task = EmbeddingTask.ScorePair, TokenTypes = new[] { 0, 0, 1 } }, null, CancellationToken.None);

        var request = _engine.Embeddings.Single();
        Assert.True(request.IsCrossEncoder);
        Assert.Equal([0, 0, 1], request.TokenTypeIds);
    }

    private static EmbeddingRequest Embedding() => new() { RequestId = EngineRequestId.New(), Tokens = new[] { 1, 2, 3 } };

    private static Task Never(GenerateRequest request, IServerStreamWriter<GenerateResponse> answer, ServerCallContext context) =>
        Task.Delay(Timeout.Infinite, context.CancellationToken);

    private static (int, int, int, FinishReason) Counts(GenerationStep step) => (step.PromptTokens, step.CompletionTokens, step.CachedTokens, step.Finish);

    private static GenerationRequest Request(int choices = 1) => new()
    {
        RequestId = EngineRequestId.New(),
        PromptTokens = new[] { 1, 2, 3 },
        Stream = true,
        Sampling = new SamplingSettings { Choices = choices },
    };

    private static async Task<EngineException> FailureAsync(IGeneration generation) => await Assert.ThrowsAsync<EngineException>(async () =>
    {
        while (await generation.ReadAsync(CancellationToken.None))
        {
        }
    });

    private IGeneration Start(int choices = 1) => _client.Generate(Request(choices), null, CancellationToken.None);

    /// <summary>Aborts are sent in order: when this one has arrived, all before it have.</summary>
    private async Task AbortOfAnotherAsync()
    {
        _engine.OnGenerate = Never;
        var request = Request();
        await _client.Generate(request, null, CancellationToken.None).DisposeAsync();
        await Eventually.HoldsAsync(() => Assert.Contains(request.RequestId, _engine.Aborted));
    }
}
