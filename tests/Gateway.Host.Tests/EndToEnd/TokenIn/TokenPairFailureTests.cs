using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Actors.Workers;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Wire.SgLang;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Eventually = Gateway.Host.Tests.Support.Eventually;
using Vllm = Gateway.Wire.Vllm;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>What a failure of one half of a pair over gRPC means for the other half and for the client.</summary>
public sealed class TokenPairFailureTests : IAsyncLifetime
{
    private static readonly TimeSpan FirstByte = TimeSpan.FromSeconds(30);

    private readonly List<StubServer> _servers = [];
    private readonly string _tokenizer = Path.Combine(Path.GetTempPath(), $"bytes-{Guid.NewGuid():n}.json");
    private WebApplication? _app;
    private HttpClient _client = null!;

    private RegistryView View => _app!.Services.GetRequiredService<RegistryView>();

    public Task InitializeAsync() => File.WriteAllTextAsync(_tokenizer, ByteTokenizer.Json());

    public async Task DisposeAsync()
    {
        await Eventually.HoldsAsync(
            () => View.Current.Workers.Values.All(static entry => entry.Worker is { Load: 0, PendingPromptBytes: 0 }), "no request is counted any more");
        _client.Dispose();
        await _app!.DisposeAsync();
        foreach (var server in _servers)
            await server.DisposeAsync();
        File.Delete(_tokenizer);
    }

    [Fact]
    public async Task What_the_prefill_engine_refuses_is_refused_and_the_decode_aborted()
    {
        var decode = new FakeSgLang { OnGenerate = Hangs };
        var prefill = new FakeSgLang { OnGenerate = Fails(StatusCode.InvalidArgument, decode) };
        await StartAsync([prefill], [decode]);

        using var response = await CompleteAsync();

        await ApiAssert.ErrorAsync(response, 400, "invalid_request");
        await IsAbortedAsync(decode);
        Assert.Single(prefill.Requests);
    }

    [Fact]
    public async Task A_prefill_engine_that_fails_is_replaced_with_the_decode_half_asked_anew()
    {
        var decode = new FakeSgLang();
        var (broken, well) = (new FakeSgLang { OnGenerate = Fails(StatusCode.Internal, decode) }, new FakeSgLang());
        decode.OnGenerate = (_, answer, call) => decode.Requests.Count == 1 ? Hangs(null!, answer, call) : answer.WriteAsync(TokenInGateway.End("Hi", 2));
        await StartAsync([broken, well], [decode]);

        using var response = await CompleteAsync();

        Assert.Contains("\"text\":\"Hi\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await IsAbortedAsync(decode);
        Assert.Equal(2, decode.Requests.Count);
        Assert.Equal(decode.Requests.Last().DisaggregatedParams, well.Requests.Single().DisaggregatedParams);
        Assert.NotEqual(decode.Requests.First().DisaggregatedParams.BootstrapRoom, decode.Requests.Last().DisaggregatedParams.BootstrapRoom);
    }

    [Theory]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Unavailable)]
    public async Task A_decode_engine_that_fails_is_replaced_and_the_prefill_aborted(StatusCode status)
    {
        var prefill = new FakeSgLang();
        prefill.OnGenerate = (_, answer, call) => prefill.Requests.Count == 1 ? Hangs(null!, answer, call) : answer.WriteAsync(TokenInGateway.End("H", 1));
        var (broken, well) = (new FakeSgLang { OnGenerate = Fails(status, prefill) }, new FakeSgLang { OnGenerate = Says("Hi") });
        await StartAsync([prefill], [broken, well]);

        using var response = await CompleteAsync();

        Assert.Contains("\"text\":\"Hi\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await IsAbortedAsync(prefill);
    }

    [Fact]
    public async Task A_prefill_that_breaks_after_the_first_token_spoils_nothing()
    {
        var (mayBreak, mayEnd) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        var prefill = new FakeSgLang
        {
            OnGenerate = async (_, _, _) =>
            {
                await mayBreak.WaitAsync();
                throw new RpcException(new Status(StatusCode.Internal, "broken"));
            },
        };
        var decode = new FakeSgLang
        {
            OnGenerate = async (_, answer, _) =>
            {
                await answer.WriteAsync(TokenInGateway.Chunk("Hi", 2));
                await mayEnd.WaitAsync();
                await answer.WriteAsync(TokenInGateway.End("!", 3));
            },
        };
        await StartAsync([prefill], [decode]);

        using var response = await CompleteAsync(stream: true);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Contains("\"text\":\"Hi\"", await reader.ReadLineAsync(), StringComparison.Ordinal);
        mayBreak.Release();
        await Eventually.HoldsAsync(() => Worker(WorkerRole.Prefill).Load == 0, "the prefill half has ended");
        mayEnd.Release();

        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Empty(decode.Aborted);
    }

    [Fact]
    public async Task A_decode_that_breaks_after_the_first_token_is_said_and_the_prefill_aborted()
    {
        var prefill = new FakeSgLang { OnGenerate = Hangs };
        var decode = new FakeSgLang
        {
            OnGenerate = async (request, answer, call) =>
            {
                await answer.WriteAsync(TokenInGateway.Chunk("Hi", 2));
                await Fails(StatusCode.Internal, prefill)(request, answer, call);
            },
        };
        await StartAsync([prefill], [decode]);

        using var response = await CompleteAsync(stream: true);

        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\ndata: {\"error\":", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        await IsAbortedAsync(prefill);
    }

    [Fact]
    public async Task A_prompt_of_a_batch_whose_prefill_fails_ends_the_stream_that_another_has_begun()
    {
        var begun = new SemaphoreSlim(0);
        var prefill = new FakeSgLang
        {
            OnGenerate = async (request, answer, _) =>
            {
                if (request.Tokenized.InputIds[0] == 'a')
                {
                    await answer.WriteAsync(TokenInGateway.End("H", 1));
                    return;
                }

                await begun.WaitAsync();
                throw new RpcException(new Status(StatusCode.Internal, "broken"));
            },
        };
        var decode = new FakeSgLang
        {
            OnGenerate = static async (request, answer, call) =>
            {
                if (request.Tokenized.InputIds[0] == 'a')
                    await answer.WriteAsync(TokenInGateway.Chunk("Hi", 2));
                await Task.Delay(Timeout.Infinite, call.CancellationToken);
            },
        };
        await StartAsync([prefill], [decode]);

        using var response = await CompleteAsync(stream: true, prompt: """["a","b"]""");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Contains("\"text\":\"Hi\"", await reader.ReadLineAsync(), StringComparison.Ordinal);
        begun.Release();

        Assert.Contains("data: {\"error\":", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => decode.Aborted.Count == 2, "both decodes are aborted");
        Assert.Equal(0, Worker(WorkerRole.Decode).Breaker.ConsecutiveFailures);
    }

    [Fact]
    public async Task A_pair_that_does_not_begin_to_answer_in_time_is_a_504_and_both_halves_are_aborted()
    {
        var (prefill, decode) = (new FakeSgLang { OnGenerate = Hangs }, new FakeSgLang { OnGenerate = Hangs });
        var time = new ManualTime();
        await StartAsync([prefill], [decode], time);

        var asking = CompleteAsync();
        await Eventually.HoldsAsync(() => !prefill.Requests.IsEmpty && !decode.Requests.IsEmpty, "both halves are asked");
        time.Advance(FirstByte);
        using var response = await asking;

        await ApiAssert.ErrorAsync(response, 504, "upstream_timeout");
        await IsAbortedAsync(prefill);
        await IsAbortedAsync(decode);
        Assert.All(View.Current.Workers.Values, static entry => Assert.Equal(1, entry.Worker.Breaker.ConsecutiveFailures));
    }

    [Fact]
    public async Task VLLMs_decode_engine_is_asked_with_what_the_prefill_engine_told()
    {
        var prefill = new FakeVllm { OnGenerate = static (_, answer, _) => answer.WriteAsync(VllmEnd("H", """{"remote":1}""")) };
        var decode = new FakeVllm { OnGenerate = static (_, answer, _) => answer.WriteAsync(VllmEnd("Hi", null)) };
        await StartAsync([prefill], [decode]);

        using var response = await CompleteAsync();

        Assert.Contains("\"text\":\"Hi\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var (first, second) = (prefill.Requests.Single(), decode.Requests.Single());
        Assert.Equal((1u, """{"do_remote_decode":true,"do_remote_prefill":false}"""), (first.SamplingParams.MaxTokens, first.KvTransferParamsJson));
        Assert.Equal((20u, """{"remote":1}"""), (second.SamplingParams.MaxTokens, second.KvTransferParamsJson));
        Assert.Empty(prefill.Aborted);
    }

    [Fact]
    public async Task VLLMs_decode_engine_is_not_asked_nor_blamed_if_the_prefill_engine_does_not_answer()
    {
        var (prefill, decode) = (new FakeVllm { OnGenerate = (_, _, call) => Task.Delay(Timeout.Infinite, call.CancellationToken) }, new FakeVllm());
        var time = new ManualTime();
        await StartAsync([prefill], [decode], time);

        var asking = CompleteAsync();
        await Eventually.HoldsAsync(() => !prefill.Requests.IsEmpty, "the prefill engine is asked");
        time.Advance(FirstByte);
        using var response = await asking;

        await ApiAssert.ErrorAsync(response, 504, "upstream_timeout");
        Assert.Empty(decode.Requests);
        Assert.Equal((1, 0), (Worker(WorkerRole.Prefill).Breaker.ConsecutiveFailures, Worker(WorkerRole.Decode).Breaker.ConsecutiveFailures));
        await Eventually.HoldsAsync(() => !prefill.Aborted.IsEmpty, "the prefill is aborted");
    }

    private static Task Hangs(GenerateRequest request, IServerStreamWriter<GenerateResponse> answer, ServerCallContext call) =>
        Task.Delay(Timeout.Infinite, call.CancellationToken);

    /// <summary>Once the other half has been asked: a call that is given up before it is there is none.</summary>
    private static Func<GenerateRequest, IServerStreamWriter<GenerateResponse>, ServerCallContext, Task> Fails(StatusCode status, FakeSgLang other) =>
        async (_, _, _) =>
        {
            await Eventually.HoldsAsync(() => !other.Requests.IsEmpty, "the other half is asked");
            throw new RpcException(new Status(status, "no"));
        };

    private static Func<GenerateRequest, IServerStreamWriter<GenerateResponse>, ServerCallContext, Task> Says(string text) =>
        (_, answer, _) => answer.WriteAsync(TokenInGateway.End(text, text.Length));

    private static Vllm.GenerateResponse VllmEnd(string text, string? transfer)
    {
        var complete = new Vllm.GenerateComplete { OutputIds = { TokenInGateway.Tokens(text) }, CompletionTokens = (uint)text.Length, PromptTokens = 1, FinishReason = "length" };
        if (transfer is not null)
            complete.KvTransferParamsJson = transfer;
        return new Vllm.GenerateResponse { Complete = complete };
    }

    private static async Task IsAbortedAsync(FakeSgLang engine)
    {
        await Eventually.HoldsAsync(() => !engine.Aborted.IsEmpty, "the engine was told to abort");
        Assert.Equal(engine.Requests.First().RequestId, engine.Aborted.Single());
    }

    private Worker Worker(WorkerRole role) => View.Current.Workers.Values.First(entry => entry.Worker.Spec.Role == role).Worker;

    private async Task StartAsync<TEngine>(TEngine[] prefill, TEngine[] decode, TimeProvider? time = null)
        where TEngine : class
    {
        var workers = new List<WorkerSpec>();
        foreach (var (engine, role) in prefill.Select(static engine => (engine, WorkerRole.Prefill)).Concat(decode.Select(static engine => (engine, WorkerRole.Decode))))
        {
            var server = await GrpcServer.StartAsync(engine);
            _servers.Add(server);
            workers.Add(new WorkerSpec { Url = WorkerUrl.Parse($"grpc://127.0.0.1:{server.Port}"), Role = role, Models = [new ModelCard("m")] });
        }

        var options = new GatewayOptions
        {
            Listen = new ListenOptions { Host = "127.0.0.1", Port = 0 },
            Fleet = new FleetOptions { Policy = "round_robin", Workers = [.. workers] },
            Text = new TextOptions { TokenizerPath = _tokenizer },
            Timeouts = new TimeoutOptions { FirstByte = FirstByte },
            Health = LiveGateway.QuickHealth,
            Log = new LogOptions { Level = "error" },
        };
        _app = GatewayApplication.Create(options, time ?? TimeProvider.System);
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()), Timeout = TimeSpan.FromMinutes(1) };
        await Eventually.HoldsAsync(() => View.Current.Workers.Values.Count(static entry => entry.State == WorkerState.Ready) == workers.Count, "all engines are ready");
    }

    private Task<HttpResponseMessage> CompleteAsync(bool stream = false, string prompt = "\"a\"")
    {
        var message = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = new StringContent($$"""{"model":"m","max_tokens":20,"stream":{{(stream ? "true" : "false")}},"prompt":{{prompt}}}"""),
        };
        return _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
    }
}
