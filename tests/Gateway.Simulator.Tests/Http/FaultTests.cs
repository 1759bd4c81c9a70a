using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

public sealed class FaultTests : IAsyncLifetime
{
    private SimulatedWorker _worker = null!;
    private WorkerClient _client = null!;

    public async Task InitializeAsync()
    {
        _worker = await SimulatedWorker.StartAsync(new SimulatorOptions { Timings = EngineTimings.Fast });
        _client = new WorkerClient(_worker);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _worker.DisposeAsync();
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_status_is_answered_so_many_times_and_then_no_more(int status)
    {
        _worker.Faults.FailRequests(status, requests: 2, retryAfter: TimeSpan.FromSeconds(7));

        for (var i = 0; i < 2; i++)
        {
            using var failed = await _client.PostAsync("/v1/chat/completions", WorkerClient.Chat("Hello"));
            Assert.Equal(status, (int)failed.StatusCode);
            Assert.Equal("7", failed.Headers.RetryAfter!.ToString());
        }

        await _client.ChatAsync("Hello");
        Assert.Equal((2, 1), (_worker.Stats.FaultsInjected, _worker.Stats.Started));
    }

    [Fact]
    public async Task Who_wants_to_know_is_told_of_each_request_whatever_becomes_of_it()
    {
        var seen = new List<ReceivedRequest>();
        _worker.Received += seen.Add;
        _worker.Faults.FailRequests(requests: 1);

        foreach (var id in (string[])["refused", "served"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(WorkerClient.Chat("Hello")) };
            request.Headers.Add("x-request-id", id);
            using var response = await _client.Http.SendAsync(request);
        }

        Assert.Equal([new(_worker, "/v1/chat/completions", "refused", null), new(_worker, "/v1/chat/completions", "served", null)], seen);
    }

    [Fact]
    public async Task Failing_requests_leave_health_alone_and_failing_health_leaves_requests_alone()
    {
        _worker.Faults.FailRequests();
        using var healthy = await _client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, healthy.StatusCode);
        _worker.Faults.Clear();

        _worker.Faults.FailHealth();
        using var sick = await _client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, sick.StatusCode);
        await _client.ChatAsync("Hello");
    }

    [Fact]
    public async Task A_share_of_the_requests_fails_the_same_way_for_the_same_seed()
    {
        var first = await FailuresAsync(seed: 1);

        Assert.Contains(true, first);
        Assert.Contains(false, first);
        Assert.Equal(first, await FailuresAsync(seed: 1));
    }

    [Fact]
    public async Task A_cut_resets_the_stream_after_so_many_events()
    {
        _worker.Faults.CutAfterEvents(3);
        using var response = await _client.OpenAsync("/v1/chat/completions", WorkerClient.EndlessChat(stream: true));
        var seen = new List<string>();

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await foreach (var data in WorkerClient.ReadEvents(response))
                seen.Add(data);
        });

        Assert.Equal(3, seen.Count);
        Assert.DoesNotContain("[DONE]", seen);
        await Eventually.BecomesTrueAsync(() => _worker.Stats.Failed == 1);
    }

    [Fact]
    public async Task A_cut_resets_an_answer_that_is_not_streamed_before_its_first_byte()
    {
        _worker.Faults.CutAfterEvents(3);

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.ChatAsync("Hello"));
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"input":"x"}""")]
    [InlineData("/v1/rerank", """{"query":"x","documents":["y"]}""")]
    [InlineData("/generate", """{"text":"x"}""")]
    public async Task A_cut_is_for_every_kind_of_request(string path, string body)
    {
        _worker.Faults.CutAfterEvents(3);

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.PostJsonAsync(path, JsonNode.Parse(body)));
    }

    [Fact]
    public async Task A_stalled_stream_sends_its_events_and_then_nothing()
    {
        _worker.Faults.StallAfterEvents(2);
        using var response = await _client.OpenAsync("/v1/chat/completions", WorkerClient.EndlessChat(stream: true));
        await using var events = WorkerClient.ReadEvents(response).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        Assert.True(await events.MoveNextAsync());
        await Eventually.BecomesTrueAsync(() => _worker.Stats.Failed == 1);

        var third = events.MoveNextAsync().AsTask();
        await _client.GetAsync("/health");
        Assert.False(third.IsCompleted);
        await _worker.CrashAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => third);
    }

    [Fact]
    public async Task A_malformed_stream_has_an_event_that_is_no_JSON()
    {
        _worker.Faults.MalformAfterEvents(1);

        var events = await _client.StreamAsync("/v1/chat/completions", WorkerClient.Chat("Hello", stream: true));

        Assert.NotNull(JsonNode.Parse(events[0]));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => JsonNode.Parse(events[1]));
        Assert.Equal("[DONE]", events[^1]);
    }

    [Fact]
    public async Task A_hanging_worker_takes_the_request_and_never_answers()
    {
        _worker.Faults.Hang(requests: 1);
        using var patience = new CancellationTokenSource();
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");
        var hanging = _client.Http.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), body, patience.Token);
        await Eventually.BecomesTrueAsync(() => _worker.Stats.FaultsInjected == 1);

        await _client.ChatAsync("Hello");

        Assert.False(hanging.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Fact]
    public async Task A_refusing_worker_refuses_new_connections_and_resets_open_ones()
    {
        await _client.ChatAsync("Hello");
        _worker.Faults.RefuseConnections();

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.ChatAsync("Hello"));
        using var newcomer = new WorkerClient(_worker);
        await Assert.ThrowsAsync<HttpRequestException>(() => newcomer.ChatAsync("Hello"));
        Assert.True(_worker.IsRunning);

        _worker.Faults.Clear();
        await newcomer.ChatAsync("Hello");
    }

    [Fact]
    public async Task A_refusal_with_a_time_ends_by_itself()
    {
        _worker.Faults.RefuseConnections(TimeSpan.FromMilliseconds(1));

        await Eventually.BecomesTrueAsync(() => _worker.Faults.Rules.Count == 0);

        await _client.ChatAsync("Hello");
    }

    [Fact]
    public async Task A_worker_that_crashes_on_a_request_comes_back_after_its_time()
    {
        _worker.Faults.CrashOnNextRequest(TimeSpan.FromMilliseconds(1));

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.ChatAsync("Hello"));

        await Eventually.BecomesTrueAsync(() => _worker.IsRunning);
        await _client.ChatAsync("Hello");
    }

    [Fact]
    public async Task Faults_are_set_read_and_cleared_over_HTTP()
    {
        var rule = new JsonObject { ["kind"] = "status", ["status"] = 502, ["requests"] = 1 };
        await PutFaultsAsync(rule, HttpStatusCode.OK);
        Assert.Equal(502, (int)(await _client.GetJsonAsync("/simulator/faults"))[0]!["status"]!);

        using var failed = await _client.PostAsync("/v1/chat/completions", WorkerClient.Chat("Hello"));
        Assert.Equal(HttpStatusCode.BadGateway, failed.StatusCode);

        using var cleared = await _client.Http.DeleteAsync(new Uri("/simulator/faults", UriKind.Relative));
        Assert.Empty(_worker.Faults.Rules);
    }

    [Theory]
    [InlineData("""{"kind":"status","status":200}""")]
    [InlineData("""{"kind":"refuse"}""")]
    [InlineData("""{"kind":"explode"}""")]
    [InlineData("""{"status":500}""")]
    [InlineData("null")]
    public Task A_fault_that_makes_no_sense_is_refused(string rule) => PutFaultsAsync(JsonNode.Parse(rule), HttpStatusCode.BadRequest);

    private static async Task<List<bool>> FailuresAsync(int seed)
    {
        await using var worker = await SimulatedWorker.StartAsync(new SimulatorOptions
        {
            Timings = EngineTimings.Instant,
            Seed = seed,
            Faults = [new FaultRule { Kind = FaultKind.Status, Share = 0.5 }],
        });
        using var client = new WorkerClient(worker);
        var failures = new List<bool>();
        for (var i = 0; i < 30; i++)
        {
            using var response = await client.PostAsync("/v1/chat/completions", WorkerClient.Chat("Hello"));
            failures.Add(!response.IsSuccessStatusCode);
        }

        return failures;
    }

    private async Task PutFaultsAsync(JsonNode? rule, HttpStatusCode expected)
    {
        using var body = new StringContent(rule?.ToJsonString() ?? "null", Encoding.UTF8, "application/json");
        using var response = await _client.Http.PutAsync(new Uri("/simulator/faults", UriKind.Relative), body);
        Assert.Equal(expected, response.StatusCode);
    }
}
