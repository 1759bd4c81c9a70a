using Gateway.Actors.Engines.Wire.Health;
using Gateway.Simulator.Tests.Http;
using Gateway.Wire.Common;
using Google.Protobuf;
using Grpc.Core;
using HealthCheckRequest = Gateway.Actors.Engines.Wire.Health.HealthCheckRequest;
using ServingStatus = Gateway.Actors.Engines.Wire.Health.HealthCheckResponse.Types.ServingStatus;

namespace Gateway.Simulator.Tests.Grpc;

public sealed class GrpcFaultTests : IAsyncLifetime
{
    private GrpcBench _bench = null!;

    private SimulatorFaults Faults => _bench.Worker.Faults;

    public async Task InitializeAsync() => _bench = await GrpcBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData(400, StatusCode.InvalidArgument)]
    [InlineData(429, StatusCode.ResourceExhausted)]
    [InlineData(500, StatusCode.Internal)]
    [InlineData(503, StatusCode.Unavailable)]
    public async Task A_status_is_answered_in_gRPC_s_words_so_many_times(int status, StatusCode expected)
    {
        Faults.FailRequests(status, requests: 1);

        Assert.Equal(expected, (await _bench.FailAsync(GrpcBench.SgLangRequest())).StatusCode);
        Assert.NotEmpty(await _bench.GenerateAsync(GrpcBench.SgLangRequest()));
        Assert.Equal((1, 1), (_bench.Stats.FaultsInjected, _bench.Stats.Started));
    }

    [Fact]
    public async Task Failing_probes_leave_requests_alone_and_failing_requests_leave_probes_alone()
    {
        Faults.FailHealth();
        var error = await Assert.ThrowsAsync<RpcException>(() => _bench.Health.CheckAsync(new HealthCheckRequest()).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        await _bench.GenerateAsync(GrpcBench.SgLangRequest());
        Faults.Clear();

        Faults.FailRequests();
        Assert.Equal(ServingStatus.Serving, (await _bench.Health.CheckAsync(new HealthCheckRequest())).Status);
    }

    [Fact]
    public async Task A_cut_resets_the_stream_after_so_many_messages()
    {
        // A reset overtakes messages that the client has not read yet: a slow one sees fewer, now and then.
        const int MostCalls = 50;
        var seen = 0;
        var calls = 0;
        for (; calls < MostCalls && seen < 3; calls++)
        {
            Faults.CutAfterEvents(3, requests: 1);
            using var call = _bench.SgLang.Generate(GrpcBench.EndlessSgLang());
            seen = 0;

            var error = await Assert.ThrowsAsync<RpcException>(async () =>
            {
                await foreach (var _ in call.ResponseStream.ReadAllAsync())
                    seen++;
            });

            Assert.IsType<HttpProtocolException>(error.Status.DebugException?.GetBaseException());
        }

        Assert.Equal(3, seen);
        await Eventually.BecomesTrueAsync(() => _bench.Stats.Failed == calls);
        Assert.Equal(0, _bench.Stats.Running);
    }

    [Fact]
    public async Task A_cut_comes_before_an_answer_that_is_not_streamed()
    {
        Faults.CutAfterEvents(3, requests: 1);

        await _bench.FailAsync(GrpcBench.SgLangRequest(stream: false));

        Assert.Equal(1, _bench.Stats.Failed);
    }

    [Fact]
    public async Task A_stall_sends_no_more_until_the_client_leaves()
    {
        Faults.StallAfterEvents(2);
        using var call = await _bench.BeginAsync(GrpcBench.EndlessSgLang());
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await Eventually.BecomesTrueAsync(() => _bench.Stats.Failed == 1);

        var next = call.ResponseStream.MoveNext(CancellationToken.None);

        Assert.False(next.IsCompleted);
        call.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => next);
    }

    [Fact]
    public async Task A_malformed_message_can_not_be_read()
    {
        Faults.MalformAfterEvents(1);

        var error = await _bench.FailAsync(GrpcBench.EndlessSgLang());

        Assert.IsType<InvalidProtocolBufferException>(error.Status.DebugException);
        await Eventually.BecomesTrueAsync(() => _bench.Stats.Aborted == 1);
    }

    [Fact]
    public async Task A_hanging_call_has_no_answer_until_its_client_leaves()
    {
        Faults.Hang();
        using var call = _bench.SgLang.Generate(GrpcBench.SgLangRequest(), deadline: DateTime.UtcNow.AddMilliseconds(200));

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal((StatusCode.DeadlineExceeded, 0L), (error.StatusCode, _bench.Stats.Started));
    }

    [Fact]
    public async Task A_crash_breaks_running_streams_and_a_revival_answers_on_the_same_port()
    {
        using var call = await _bench.BeginAsync(GrpcBench.EndlessSgLang());
        var address = _bench.Worker.GrpcUrl;

        await _bench.Worker.CrashAsync();

        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.ReadAllAsync().ToListAsync().AsTask());
        Assert.Equal((1, 0), (_bench.Stats.Failed, _bench.Stats.Running));
        Assert.Equal(StatusCode.Unavailable, (await _bench.FailAsync(GrpcBench.SgLangRequest())).StatusCode);

        await _bench.Worker.ReviveAsync();

        Assert.Equal(address, _bench.Worker.GrpcUrl);
        await Eventually.AnswersAsync(() => _bench.GenerateAsync(GrpcBench.SgLangRequest()));
    }

    [Fact]
    public async Task A_crash_can_come_with_a_request()
    {
        Faults.CrashOnNextRequest();

        await _bench.FailAsync(GrpcBench.SgLangRequest());

        Assert.False(_bench.Worker.IsRunning);
    }

    [Fact]
    public async Task A_refusing_worker_gives_up_the_connections_that_are_used()
    {
        await _bench.GenerateAsync(GrpcBench.SgLangRequest());
        Faults.RefuseConnections();

        await _bench.FailAsync(GrpcBench.SgLangRequest());
        Assert.Equal(StatusCode.Unavailable, (await _bench.FailAsync(GrpcBench.SgLangRequest())).StatusCode);

        Faults.Clear();
        await Eventually.AnswersAsync(() => _bench.GenerateAsync(GrpcBench.SgLangRequest()));
    }

    [Fact]
    public async Task A_loading_worker_says_so_and_takes_no_requests()
    {
        await using var loading = await GrpcBench.StartAsync(new SimulatorOptions { LoadingTime = TimeSpan.FromHours(1) });

        Assert.Equal(ServingStatus.NotServing, (await loading.Health.CheckAsync(new HealthCheckRequest())).Status);
        Assert.False((await loading.SgLang.HealthCheckAsync(new())).Healthy);
        Assert.Equal(StatusCode.Unavailable, (await loading.FailAsync(GrpcBench.SgLangRequest())).StatusCode);
    }

    [Fact]
    public async Task Health_is_known_for_the_server_and_its_service_alone()
    {
        var service = new HealthCheckRequest { Service = "sglang.grpc.scheduler.SglangScheduler" };

        Assert.Equal(ServingStatus.Serving, (await _bench.Health.CheckAsync(service)).Status);
        var error = await Assert.ThrowsAsync<RpcException>(() => _bench.Health.CheckAsync(new HealthCheckRequest { Service = "other" }).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task A_stop_lets_running_requests_end_and_ends_what_would_never()
    {
        using var events = _bench.SgLang.SubscribeKvEvents(new SubscribeKvEventsRequest());
        await events.ResponseHeadersAsync;
        using var health = _bench.Health.Watch(new HealthCheckRequest());
        Assert.True(await health.ResponseStream.MoveNext(CancellationToken.None));
        using var call = await _bench.BeginAsync(GrpcBench.SgLangRequest());

        await _bench.Worker.StopAsync();

        var rest = await call.ResponseStream.ReadAllAsync().ToListAsync();
        Assert.Equal("stop", rest[^1].Complete.FinishReason);
        Assert.True(await health.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(ServingStatus.NotServing, health.ResponseStream.Current.Status);
        Assert.Equal((1, 0), (_bench.Stats.Finished, _bench.Stats.Failed));
    }

    [Fact]
    public async Task A_worker_with_a_key_wants_it()
    {
        await using var bench = await GrpcBench.StartAsync(new SimulatorOptions { ApiKey = "k", Timings = EngineTimings.Instant });

        Assert.Equal(StatusCode.Unauthenticated, (await bench.FailAsync(GrpcBench.SgLangRequest())).StatusCode);
        using var call = bench.SgLang.Generate(GrpcBench.SgLangRequest(), new Metadata { { "authorization", "Bearer k" } });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task It_is_broken_over_plain_HTTP_2_too()
    {
        using var http = new HttpClient { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var rules = new StringContent("""{"kind":"status","status":429}""", System.Text.Encoding.UTF8, "application/json");

        using var put = await http.PutAsync(new Uri(_bench.Worker.Url, "/simulator/faults"), rules);

        Assert.True(put.IsSuccessStatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, (await _bench.FailAsync(GrpcBench.SgLangRequest())).StatusCode);
    }
}
