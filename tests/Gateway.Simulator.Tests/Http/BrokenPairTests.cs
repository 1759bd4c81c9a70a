using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

/// <summary>What becomes of one side of a pair when the other does not come, leaves, or dies.</summary>
public sealed class BrokenPairTests : IAsyncLifetime
{
    private const string Completions = "/v1/completions";

    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(50);

    private WorkerPair _pair = null!;

    public static TheoryData<string, string> Requests => new()
    {
        { "/v1/chat/completions", """{"messages":[{"role":"user","content":"Hello"}]}""" },
        { "/v1/completions", """{"prompt":["Hello","you"]}""" },
        { "/generate", """{"text":"Hello"}""" },
    };

    public async Task InitializeAsync() => _pair = await WorkerPair.StartAsync();

    public async Task DisposeAsync() => await _pair.DisposeAsync();

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Without_a_prefill_the_decode_side_fails_after_a_time(string path, string body)
    {
        await using var pair = await WorkerPair.StartAsync(new SimulatorOptions { Timings = EngineTimings.Instant, BootstrapTimeout = _soon });
        var request = pair.Meet(JsonNode.Parse(body)!.AsObject());

        await AssertFailsAsync(pair.DecodeClient, path, request);
        await AssertStreamFailsAsync(pair.DecodeClient, path, request);

        await Eventually.BecomesTrueAsync(() => pair.Decode.Stats.RoomsOpen == 0);
        Assert.Equal((0, 0, 0), (pair.Decode.Stats.RoomsHandedOver, pair.Decode.Stats.Waiting, pair.Decode.Stats.Finished));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Without_a_decode_the_prefill_side_fails_after_a_time_and_frees_its_KV_space(string path, string body)
    {
        await using var pair = await WorkerPair.StartAsync(new SimulatorOptions { Timings = EngineTimings.Instant, BootstrapTimeout = _soon });

        await AssertFailsAsync(pair.PrefillClient, path, pair.Meet(JsonNode.Parse(body)!.AsObject(), 10_000));
        await AssertStreamFailsAsync(pair.PrefillClient, path, pair.Meet(JsonNode.Parse(body)!.AsObject(), 20_000));

        await Eventually.BecomesTrueAsync(() => pair.Prefill.Stats.RoomsOpen == 0);
        Assert.Equal((0, 0, 0), (pair.Prefill.Stats.RoomsHandedOver, pair.Prefill.Stats.KvUsedTokens, pair.Prefill.Stats.Finished));
    }

    [Fact]
    public async Task A_bootstrap_server_that_is_not_there_fails_the_decode_at_once()
    {
        await _pair.Prefill.CrashAsync();
        var request = _pair.Meet(WorkerPair.Completion("Hello"));

        await AssertFailsAsync(_pair.DecodeClient, Completions, request);
        await AssertStreamFailsAsync(_pair.DecodeClient, Completions, request);

        Assert.Equal((2, 2), (_pair.Decode.Stats.Failed, _pair.Decode.Stats.RoomsAbandoned));
    }

    [Fact]
    public async Task A_prefill_client_that_leaves_abandons_the_room_aborts_the_work_and_fails_the_decode_that_waits()
    {
        await using var pair = await WorkerPair.StartAsync(new SimulatorOptions { Timings = new EngineTimings { PrefillTokensPerSecond = 0.01 } });
        var request = pair.Meet(WorkerPair.Completion("Hello"));
        var decode = pair.DecodeClient.PostAsync(Completions, request);
        await LeaveWhileOpenAsync(pair.PrefillClient, pair.Prefill, request);

        using var response = await decode;

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("abandoned", await response.Content.ReadAsStringAsync());
        Assert.Equal((1, 1, 0, 0), (pair.Prefill.Stats.Aborted, pair.Prefill.Stats.RoomsAbandoned, pair.Prefill.Stats.RoomsOpen, pair.Prefill.Stats.Running));
        Assert.Equal((1, 1), (pair.Decode.Stats.Failed, pair.Decode.Stats.RoomsAbandoned));
    }

    [Fact]
    public async Task A_decode_that_comes_after_the_room_was_abandoned_fails_at_once()
    {
        var request = _pair.Meet(WorkerPair.Completion("Hello"));
        await LeaveWhileOpenAsync(_pair.PrefillClient, _pair.Prefill, request);
        await Eventually.BecomesTrueAsync(() => _pair.Prefill.Stats is { RoomsAbandoned: 1, Aborted: 1, KvUsedTokens: 0 });

        await AssertFailsAsync(_pair.DecodeClient, Completions, request);
    }

    [Fact]
    public async Task A_decode_client_that_leaves_ends_the_waiting_at_once_and_another_can_have_the_room()
    {
        var request = _pair.Meet(WorkerPair.Completion("Hello"));
        await LeaveWhileOpenAsync(_pair.DecodeClient, _pair.Decode, request);
        await Eventually.BecomesTrueAsync(() => _pair.Decode.Stats is { RoomsOpen: 0, RoomsAbandoned: 1, Aborted: 1, Waiting: 0 });

        var prefill = _pair.PrefillClient.PostJsonAsync(Completions, request);
        await _pair.DecodeClient.PostJsonAsync(Completions, request);
        await prefill;

        Assert.Equal((1, 0), (_pair.Prefill.Stats.RoomsHandedOver, _pair.Prefill.Stats.RoomsAbandoned));
    }

    [Fact]
    public async Task A_decode_client_that_leaves_an_answer_in_the_middle_aborts_it()
    {
        await using var pair = await WorkerPair.StartAsync(new SimulatorOptions());
        var request = pair.Meet(WorkerClient.EndlessChat(stream: true));
        var prefill = pair.PrefillClient.StreamAsync("/v1/chat/completions", request);
        using (var response = await pair.DecodeClient.OpenAsync("/v1/chat/completions", request))
        {
            await using var events = WorkerClient.ReadEvents(response).GetAsyncEnumerator();
            Assert.True(await events.MoveNextAsync());
        }

        await prefill;
        await Eventually.BecomesTrueAsync(() => pair.Decode.Stats is { Aborted: 1, Running: 0, KvUsedTokens: 0 });
        Assert.Equal((1, 0), (pair.Decode.Stats.RoomsHandedOver, pair.Decode.Stats.RoomsAbandoned));
    }

    [Theory]
    [InlineData(SimulatorRole.Prefill)]
    [InlineData(SimulatorRole.Decode)]
    public async Task An_abort_request_reaches_a_side_that_waits(SimulatorRole role)
    {
        var (worker, client) = role == SimulatorRole.Prefill ? (_pair.Prefill, _pair.PrefillClient) : (_pair.Decode, _pair.DecodeClient);
        var request = _pair.Meet(WorkerPair.Completion("Hello"));
        request["rid"] = "mine";
        var asking = client.PostJsonAsync(Completions, request);
        await Eventually.BecomesTrueAsync(() => worker.Stats.RoomsOpen == 1);

        using var aborted = await client.PostAsync("/abort_request", new JsonObject { ["rid"] = "mine" });

        Assert.Equal("abort", (string?)(await asking)["choices"]![0]!["finish_reason"]);
        Assert.Equal((1, 1, 0), (worker.Stats.Aborted, worker.Stats.RoomsAbandoned, worker.Stats.RoomsOpen));
    }

    [Fact]
    public async Task A_crash_of_the_prefill_worker_fails_the_decode_and_its_revival_meets_on_the_same_port()
    {
        var request = _pair.Meet(WorkerPair.Completion("Hello"));
        var decode = _pair.DecodeClient.PostAsync(Completions, request);
        await Eventually.BecomesTrueAsync(() => _pair.Decode.Stats.RoomsOpen == 1);
        var port = _pair.Prefill.BootstrapPort!.Value;

        await _pair.Prefill.CrashAsync();

        using var response = await decode;
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        await AssertRefusesAsync(port);

        await _pair.Prefill.ReviveAsync();

        Assert.Equal(port, _pair.Prefill.BootstrapPort);
        await _pair.AskAsync(Completions, WorkerPair.Completion("Hello"));
    }

    [Fact]
    public async Task Crashes_of_the_prefill_worker_under_load_leave_no_room_open_and_no_request_without_an_end()
    {
        await using var pair = await WorkerPair.StartAsync(new SimulatorOptions { Timings = EngineTimings.Fast, BootstrapTimeout = _soon });
        using var done = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                var request = pair.Meet(WorkerPair.Completion("Hello"));
                var prefill = AnswersAsync(pair.PrefillClient, request);
                await AnswersAsync(pair.DecodeClient, request);
                await prefill;
            }
        })).ToList();

        for (var i = 0; i < 10; i++)
        {
            var finished = pair.Decode.Stats.Finished;
            await Eventually.BecomesTrueAsync(() => pair.Decode.Stats.Finished > finished);
            await pair.Prefill.CrashAsync();
            await pair.Prefill.ReviveAsync();
        }

        await done.CancelAsync();
        await Task.WhenAll(clients);
        foreach (var stats in (SimulatorStats[])[pair.Prefill.Stats, pair.Decode.Stats])
        {
            await Eventually.BecomesTrueAsync(() => stats is { RoomsOpen: 0, Running: 0, Waiting: 0, KvUsedTokens: 0 });
            Assert.Equal(stats.Started, stats.Finished + stats.Aborted + stats.Failed);
            Assert.Equal(stats.Started, stats.RoomsHandedOver + stats.RoomsAbandoned);
        }

        Assert.InRange(pair.Decode.Stats.RoomsHandedOver, pair.Decode.Stats.Finished, pair.Decode.Stats.Started);
    }

    [Fact]
    public async Task A_crash_of_the_prefill_worker_loses_its_rooms()
    {
        var asking = _pair.PrefillClient.PostAsync(Completions, _pair.Meet(WorkerPair.Completion("Hello")));
        await Eventually.BecomesTrueAsync(() => _pair.Prefill.Stats.RoomsOpen == 1);

        await _pair.Prefill.CrashAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => asking);
        Assert.Equal((0, 1, 1), (_pair.Prefill.Stats.RoomsOpen, _pair.Prefill.Stats.RoomsAbandoned, _pair.Prefill.Stats.Failed));
    }

    [Fact]
    public async Task A_crash_of_the_decode_worker_resets_who_waits_at_it()
    {
        var asking = _pair.DecodeClient.PostAsync(Completions, _pair.Meet(WorkerPair.Completion("Hello")));
        await Eventually.BecomesTrueAsync(() => _pair.Decode.Stats.RoomsOpen == 1);

        await _pair.Decode.CrashAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => asking);
        Assert.Equal((0, 1), (_pair.Decode.Stats.RoomsOpen, _pair.Decode.Stats.Failed));
        await _pair.Decode.ReviveAsync();
        await _pair.AskAsync(Completions, WorkerPair.Completion("Hello"));
    }

    [Fact]
    public async Task A_refusing_prefill_worker_refuses_at_both_ports()
    {
        _pair.Prefill.Faults.RefuseConnections();
        await AssertRefusesAsync(_pair.Prefill.BootstrapPort!.Value);

        _pair.Prefill.Faults.Clear();

        await _pair.AskAsync(Completions, WorkerPair.Completion("Hello"));
    }

    [Fact]
    public async Task A_stop_lets_a_prefill_that_waits_be_fetched()
    {
        var request = _pair.Meet(WorkerPair.Completion("Hello"));
        var prefill = _pair.PrefillClient.PostJsonAsync(Completions, request);
        await Eventually.BecomesTrueAsync(() => _pair.Prefill.Stats.RoomsOpen == 1);

        var stopping = _pair.Prefill.StopAsync();
        await _pair.DecodeClient.PostJsonAsync(Completions, request);

        await prefill;
        await stopping;
        Assert.Equal((1, 0), (_pair.Prefill.Stats.Finished, _pair.Prefill.Stats.Failed));
    }

    [Fact]
    public async Task Only_one_of_two_decodes_gets_a_room()
    {
        // One that asks after the room has gone waits in vain.
        await using var pair = await WorkerPair.StartAsync(
            new SimulatorOptions { Timings = EngineTimings.Instant, BootstrapTimeout = TimeSpan.FromSeconds(5) });
        var request = pair.Meet(WorkerPair.Completion("Hello"));
        var first = AnswersAsync(pair.DecodeClient, request);
        var second = AnswersAsync(pair.DecodeClient, request);
        await Eventually.BecomesTrueAsync(() => pair.Decode.Stats.RoomsOpen == 2);

        Assert.True(await AnswersAsync(pair.PrefillClient, request));

        Assert.NotEqual(await first, await second);
        Assert.Equal(1, pair.Prefill.Stats.RoomsHandedOver);
    }

    [Fact]
    public async Task Keys_and_values_of_another_prompt_are_not_taken()
    {
        var prefill = _pair.PrefillClient.PostAsync(Completions, _pair.Meet(WorkerPair.Completion("One"), 77_000));

        await AssertFailsAsync(_pair.DecodeClient, Completions, _pair.Meet(WorkerPair.Completion("Other"), 77_000));
        await prefill;
    }

    [Fact]
    public async Task Faults_strike_in_any_role()
    {
        var request = _pair.Meet(WorkerPair.Completion("Hello"));
        foreach (var (worker, client) in ((SimulatedWorker, WorkerClient)[])[(_pair.Prefill, _pair.PrefillClient), (_pair.Decode, _pair.DecodeClient)])
        {
            worker.Faults.FailRequests(503, requests: 1);
            using var failed = await client.PostAsync(Completions, request);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
            Assert.Equal(0, worker.Stats.Started);

            worker.Faults.CutAfterEvents(0, requests: 1);
            await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(Completions, request));
            await Eventually.BecomesTrueAsync(() => worker.Stats is { RoomsOpen: 0, RoomsAbandoned: 1 });
        }

        _pair.Decode.Faults.CutAfterEvents(2);
        var met = _pair.Meet(WorkerPair.Completion("Hello"));
        met["stream"] = true;
        var prefill = _pair.PrefillClient.StreamAsync(Completions, met);
        using var response = await _pair.DecodeClient.OpenAsync(Completions, met);
        await Assert.ThrowsAnyAsync<IOException>(async () => await WorkerClient.ReadEvents(response).ToListAsync());
        Assert.Equal("[DONE]", (await prefill)[^1]);
    }

    private static async Task AssertFailsAsync(WorkerClient client, string path, JsonNode request)
    {
        using var response = await client.PostAsync(path, request);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        AssertIsError((await response.Content.ReadFromJsonAsync<JsonNode>())!);
    }

    private static async Task AssertStreamFailsAsync(WorkerClient client, string path, JsonNode request)
    {
        var streamed = request.DeepClone();
        streamed["stream"] = true;
        var events = await client.StreamAsync(path, streamed);
        Assert.Equal(2, events.Count);
        AssertIsError(JsonNode.Parse(events[0])!);
        Assert.Equal("[DONE]", events[1]);
    }

    private static void AssertIsError(JsonNode answer)
    {
        Assert.Contains("bootstrap room", (string?)answer["error"]!["message"]);
        Assert.Equal("server_error", (string?)answer["error"]!["type"]);
    }

    private static async Task LeaveWhileOpenAsync(WorkerClient client, SimulatedWorker worker, JsonNode request)
    {
        using var patience = new CancellationTokenSource();
        using var content = JsonContent.Create(request);
        var asking = client.Http.PostAsync(new Uri(Completions, UriKind.Relative), content, patience.Token);
        await Eventually.BecomesTrueAsync(() => worker.Stats.RoomsOpen == 1);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private static async Task<bool> AnswersAsync(WorkerClient client, JsonNode request)
    {
        try
        {
            using var response = await client.PostAsync(Completions, request);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            return false;
        }
    }

    private static async Task AssertRefusesAsync(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var refused = await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(IPAddress.Loopback, port));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }
}
