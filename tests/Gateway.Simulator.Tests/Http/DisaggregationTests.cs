using System.Net;
using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

public sealed class DisaggregationTests : IAsyncLifetime
{
    private const string Completions = "/v1/completions";

    private static readonly SimulatorOptions _instant = new() { Timings = EngineTimings.Instant };

    private WorkerPair _pair = null!;

    public async Task InitializeAsync() => _pair = await WorkerPair.StartAsync();

    public async Task DisposeAsync() => await _pair.DisposeAsync();

    [Theory]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":"Once upon a time"}],"seed":3}""")]
    [InlineData(
        "/v1/chat/completions",
        """{"messages":[{"role":"user","content":"weather?"}],"tools":[{"type":"function","function":{"name":"weather"}}]}""")]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":"Hello"}],"n":3,"stop":"a"}""")]
    [InlineData("/v1/completions", """{"prompt":"Once upon a time","max_tokens":30}""")]
    [InlineData("/v1/completions", """{"prompt":["Once upon a time","there was"],"n":2}""")]
    [InlineData("/generate", """{"text":"Once upon a time","sampling_params":{"max_new_tokens":30}}""")]
    [InlineData("/generate", """{"input_ids":[[1,2,3],[4,5]]}""")]
    public async Task A_pair_answers_what_a_regular_worker_answers(string path, string body)
    {
        await using var regular = await SimulatedWorker.StartAsync(_instant);
        using var regularClient = new WorkerClient(regular);
        var request = JsonNode.Parse(body)!.AsObject();
        request["rid"] = "same";

        var whole = await regularClient.PostJsonAsync(path, request);
        Assert.Equal(WithoutTimes(whole), WithoutTimes((await _pair.AskAsync(path, request)).Decode));

        request["stream"] = true;
        request["stream_options"] = new JsonObject { ["include_usage"] = true };
        var streamed = await regularClient.StreamAsync(path, request);
        var met = _pair.Meet(request);
        var prefill = _pair.PrefillClient.StreamAsync(path, met);
        var decoded = await _pair.DecodeClient.StreamAsync(path, met);
        Assert.Equal("[DONE]", decoded[^1]);
        Assert.Equal(LastOfEachChoice(streamed), LastOfEachChoice(decoded));
        Assert.Equal("[DONE]", (await prefill)[^1]);
    }

    [Fact]
    public async Task A_prefill_worker_that_comes_first_waits_and_answers_one_token_when_the_decode_worker_has_fetched_its_work()
    {
        var request = _pair.Meet(WorkerPair.Completion("Once upon a time"));
        var prefill = _pair.PrefillClient.PostJsonAsync(Completions, request);
        await Eventually.BecomesTrueAsync(() => _pair.Prefill.Stats.RoomsOpen == 1);
        await Eventually.BecomesTrueAsync(() => _pair.Prefill.Stats is { Running: 0, KvUsedTokens: > 0 });
        Assert.Equal((0, 0), (_pair.Prefill.Stats.Finished, _pair.Prefill.Stats.RoomsHandedOver));

        await _pair.DecodeClient.PostJsonAsync(Completions, request);

        var answer = await prefill;
        Assert.Equal("length", (string?)answer["choices"]![0]!["finish_reason"]);
        Assert.Equal(1, (int)answer["usage"]!["completion_tokens"]!);
        var stats = _pair.Prefill.Stats;
        Assert.Equal((0, 1, 0), (stats.RoomsOpen, stats.RoomsHandedOver, stats.RoomsAbandoned));
        Assert.Equal((1, 1, 0), (stats.Started, stats.Finished, stats.KvUsedTokens));
    }

    [Fact]
    public async Task A_decode_worker_that_comes_first_waits_for_the_prefill()
    {
        var request = _pair.Meet(WorkerPair.Completion("Once upon a time"));
        var decode = _pair.DecodeClient.PostJsonAsync(Completions, request);
        await Eventually.BecomesTrueAsync(() => _pair.Decode.Stats is { RoomsOpen: 1, Waiting: 1 });
        Assert.Equal(0, _pair.Decode.Stats.KvUsedTokens);

        await _pair.PrefillClient.PostJsonAsync(Completions, request);

        Assert.Equal(20, (int)(await decode)["usage"]!["completion_tokens"]!);
        var stats = _pair.Decode.Stats;
        Assert.Equal((0, 1, 0), (stats.RoomsOpen, stats.RoomsHandedOver, stats.RoomsAbandoned));
    }

    [Fact]
    public async Task Both_send_the_head_of_a_stream_before_they_have_met()
    {
        var request = _pair.Meet(WorkerPair.Completion("Once upon a time"));
        request["stream"] = true;

        using var prefill = await _pair.PrefillClient.OpenAsync(Completions, request);

        Assert.Equal(HttpStatusCode.OK, prefill.StatusCode);
        Assert.Equal(0, _pair.Prefill.Stats.RoomsHandedOver);
        var other = _pair.Meet(request);
        using var decode = await _pair.DecodeClient.OpenAsync(Completions, other);
        Assert.Equal(HttpStatusCode.OK, decode.StatusCode);
        Assert.Equal(0, _pair.Decode.Stats.RoomsHandedOver);
    }

    [Fact]
    public async Task A_streamed_prefill_is_one_token_and_the_reason_length()
    {
        var request = _pair.Meet(WorkerPair.Completion("Once upon a time"));
        var decode = _pair.DecodeClient.PostJsonAsync(Completions, request);
        var streamed = request.DeepClone();
        streamed["stream"] = true;

        var events = await _pair.PrefillClient.StreamAsync(Completions, streamed);

        Assert.Equal(3, events.Count);
        Assert.StartsWith((string)JsonNode.Parse(events[0])!["choices"]![0]!["text"]!, (string?)(await decode)["choices"]![0]!["text"]);
        Assert.Equal("length", (string?)JsonNode.Parse(events[1])!["choices"]![0]!["finish_reason"]);
        Assert.Equal("[DONE]", events[2]);
    }

    [Fact]
    public async Task The_prefill_side_tells_of_cached_tokens_and_the_decode_side_of_none()
    {
        var request = WorkerPair.Completion(string.Join(' ', Enumerable.Repeat("remember", 50)));
        await _pair.AskAsync(Completions, request);

        var (prefill, decode) = await _pair.AskAsync(Completions, request);

        Assert.True(CachedTokens(prefill) > 0);
        Assert.Equal(0, CachedTokens(decode));
        Assert.Equal((int)prefill["usage"]!["prompt_tokens"]!, (int)decode["usage"]!["prompt_tokens"]!);
        Assert.Equal(0, _pair.Decode.Stats.CachedTokens);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":"Hello"}],"stream":true}""")]
    [InlineData("/v1/completions", """{"prompt":"Hello"}""")]
    [InlineData("/generate", """{"text":"Hello"}""")]
    [InlineData("/generate", """{"text":"Hello","bootstrap_host":"127.0.0.1","bootstrap_room":null}""")]
    [InlineData("/generate", """{"text":"Hello","bootstrap_host":"127.0.0.1","bootstrap_room":-1}""")]
    [InlineData("/generate", """{"text":"Hello","bootstrap_host":"127.0.0.1","bootstrap_room":"1"}""")]
    [InlineData("/generate", """{"text":"Hello","bootstrap_host":"127.0.0.1","bootstrap_room":9223372036854775808}""")]
    [InlineData("/generate", """{"text":["a","b"],"bootstrap_host":"127.0.0.1","bootstrap_room":[1,null]}""")]
    [InlineData("/generate", """{"text":["a","b"],"bootstrap_host":"127.0.0.1","bootstrap_room":[1]}""")]
    [InlineData("/generate", """{"text":["a","b"],"bootstrap_host":"127.0.0.1","bootstrap_room":9223372036854775807}""")]
    public async Task Without_a_room_for_each_prompt_neither_takes_a_request(string path, string body)
    {
        foreach (var client in (WorkerClient[])[_pair.PrefillClient, _pair.DecodeClient])
        {
            using var response = await client.PostAsync(path, JsonNode.Parse(body));
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
            Assert.Equal(("bootstrap_room", "invalid_request_error"), ((string?)error["param"], (string?)error["type"]));
            Assert.Contains("bootstrap_room", (string?)error["message"]);
        }

        Assert.Equal((0, 0), (_pair.Prefill.Stats.Started, _pair.Decode.Stats.Started));
    }

    [Theory]
    [InlineData("bootstrap_host", "null")]
    [InlineData("bootstrap_host", "7")]
    [InlineData("bootstrap_host", "\"not a host\"")]
    [InlineData("bootstrap_port", "\"8998\"")]
    [InlineData("bootstrap_port", "70000")]
    public async Task A_decode_worker_needs_to_know_where_to_go(string field, string value)
    {
        var request = _pair.Meet(WorkerPair.Completion("Hello"));
        request[field] = JsonNode.Parse(value);

        using var response = await _pair.DecodeClient.PostAsync(Completions, request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(field, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["param"]);
    }

    [Fact]
    public async Task A_room_can_be_as_large_as_63_bits_allow()
    {
        var request = _pair.Meet(WorkerPair.Completion("Hello"), long.MaxValue);
        var prefill = _pair.PrefillClient.PostJsonAsync(Completions, request);

        await _pair.DecodeClient.PostJsonAsync(Completions, request);
        await prefill;
    }

    [Fact]
    public async Task A_room_that_is_open_is_not_opened_again()
    {
        var request = _pair.Meet(WorkerPair.Completion("Hello"));
        var first = _pair.PrefillClient.PostJsonAsync(Completions, request);
        await Eventually.BecomesTrueAsync(() => _pair.Prefill.Stats.RoomsOpen == 1);

        using var second = await _pair.PrefillClient.PostAsync(Completions, request);

        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
        Assert.Equal(1, _pair.Prefill.Stats.Started);
        await _pair.DecodeClient.PostJsonAsync(Completions, request);
        await first;
    }

    [Fact]
    public async Task A_batch_meets_in_a_room_for_each_prompt_in_numbered_ones_if_it_names_only_the_first()
    {
        var request = _pair.Meet(new JsonObject { ["text"] = new JsonArray("one", "two", "three") }, 1000);
        var listed = request.DeepClone().AsObject();
        listed["bootstrap_host"] = new JsonArray("127.0.0.1", "localhost", "127.0.0.1");
        listed["bootstrap_port"] = new JsonArray([.. Enumerable.Repeat(_pair.Prefill.BootstrapPort, 3).Select(static port => (JsonNode)port!)]);
        listed["bootstrap_room"] = new JsonArray(1000, 1001, 1002);

        var prefill = _pair.PrefillClient.PostJsonAsync("/generate", request);
        var decode = await _pair.DecodeClient.PostJsonAsync("/generate", listed);

        Assert.Equal(3, decode.AsArray().Select(static answer => (string?)answer!["text"]).Distinct().Count());
        Assert.All((await prefill).AsArray(), static answer => Assert.Equal(1, (int)answer!["meta_info"]!["completion_tokens"]!));
        Assert.Equal((3, 3), (_pair.Prefill.Stats.RoomsHandedOver, _pair.Decode.Stats.RoomsHandedOver));
    }

    [Fact]
    public async Task Without_a_port_a_decode_worker_takes_the_one_that_it_was_started_with()
    {
        await using var decode = await SimulatedWorker.StartAsync(
            _instant with { Role = SimulatorRole.Decode, BootstrapPort = _pair.Prefill.BootstrapPort!.Value });
        using var client = new WorkerClient(decode);
        var request = _pair.Meet(WorkerPair.Completion("Hello"));
        request["bootstrap_port"] = null;
        var prefill = _pair.PrefillClient.PostJsonAsync(Completions, request);

        await client.PostJsonAsync(Completions, request);
        await prefill;
    }

    [Fact]
    public async Task Many_pairs_of_requests_at_once_find_each_other()
    {
        await using var pair = await WorkerPair.StartAsync(new SimulatorOptions { Timings = EngineTimings.Fast });

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            var (prefill, decode) = await pair.AskAsync(Completions, WorkerPair.Completion($"{i} times", tokens: 5));
            Assert.StartsWith((string)prefill["choices"]![0]!["text"]!, (string?)decode["choices"]![0]!["text"]);
        });

        foreach (var stats in (SimulatorStats[])[pair.Prefill.Stats, pair.Decode.Stats])
            Assert.Equal((200, 200, 0, 0), (stats.Finished, stats.RoomsHandedOver, stats.RoomsOpen, stats.KvUsedTokens));
    }

    [Fact]
    public async Task A_fleet_holds_workers_of_all_roles()
    {
        await using var fleet = await SimulatedFleet.StartAsync(
            [_instant with { Role = SimulatorRole.Prefill }, _instant with { Role = SimulatorRole.Decode }, _instant]);
        using var prefill = new WorkerClient(fleet.Workers[0]);
        using var decode = new WorkerClient(fleet.Workers[1]);
        var request = _pair.Meet(WorkerPair.Completion("Hello"));
        request["bootstrap_port"] = fleet.Workers[0].BootstrapPort;

        var answers = await Task.WhenAll(prefill.PostJsonAsync(Completions, request), decode.PostJsonAsync(Completions, request));

        Assert.Equal([1, 20], answers.Select(static answer => (int)answer["usage"]!["completion_tokens"]!));
        Assert.Equal((null, null), (fleet.Workers[1].BootstrapPort, fleet.Workers[2].BootstrapPort));
    }

    [Fact]
    public async Task Each_says_its_mode_and_a_prefill_worker_its_bootstrap_port()
    {
        await using var regular = await SimulatedWorker.StartAsync(_instant);
        using var regularClient = new WorkerClient(regular);
        foreach (var path in (string[])["/get_server_info", "/server_info"])
        {
            var prefill = await _pair.PrefillClient.GetJsonAsync(path);
            Assert.Equal("prefill", (string?)prefill["disaggregation_mode"]);
            Assert.Equal(_pair.Prefill.BootstrapPort, (int)prefill["disaggregation_bootstrap_port"]!);
            Assert.Equal("decode", (string?)(await _pair.DecodeClient.GetJsonAsync(path))["disaggregation_mode"]);
            Assert.Equal("null", (string?)(await regularClient.GetJsonAsync(path))["disaggregation_mode"]);
        }
    }

    [Fact]
    public async Task The_rooms_are_in_the_stats_over_HTTP()
    {
        await _pair.AskAsync(Completions, WorkerPair.Completion("Hello"));

        var stats = await _pair.PrefillClient.GetJsonAsync("/simulator/stats");

        Assert.Equal((0, 1, 0), ((int)stats["rooms_open"]!, (int)stats["rooms_handed_over"]!, (int)stats["rooms_abandoned"]!));
    }

    [Fact]
    public async Task Only_SGLang_has_roles()
    {
        await Assert.ThrowsAsync<ArgumentException>(
            () => SimulatedWorker.StartAsync(new SimulatorOptions { Role = SimulatorRole.Decode, Runtime = SimulatedRuntime.Vllm }));
    }

    [Fact]
    public async Task A_canned_worker_answers_its_bytes_in_any_role_without_meeting_another()
    {
        await using var pair = await WorkerPair.StartAsync(_instant with { Mode = SimulatorMode.Canned });

        foreach (var client in (WorkerClient[])[pair.PrefillClient, pair.DecodeClient])
            Assert.NotEmpty(await client.StreamAsync("/v1/chat/completions", pair.Meet(WorkerClient.Chat("Hello", stream: true))));
    }

    private static int CachedTokens(JsonNode answer) => (int)answer["usage"]!["prompt_tokens_details"]!["cached_tokens"]!;

    private static string WithoutTimes(JsonNode answer)
    {
        answer = answer is JsonArray ? answer : new JsonArray(answer.DeepClone());
        foreach (var each in answer.AsArray())
        {
            each!.AsObject().Remove("created");
            each["meta_info"]?.AsObject().Remove("e2e_latency");
        }

        return answer.ToJsonString();
    }

    /// <summary>Of streams that may interleave their choices otherwise: all that is said of each.</summary>
    private static SortedDictionary<string, string> LastOfEachChoice(List<string> events)
    {
        var said = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var data in events.SkipLast(1).Select(static data => JsonNode.Parse(data)!))
        {
            if (data["text"] is { } text)
                said[$"{data["index"]}"] = $"{text} {data["meta_info"]!["finish_reason"]?.ToJsonString()}";
            foreach (var choice in data["choices"]?.AsArray() ?? [])
                said[$"{choice!["index"]}"] = said.GetValueOrDefault($"{choice["index"]}") + (choice["delta"] ?? choice["text"])!.ToJsonString() + choice["finish_reason"];
            // Cached tokens are another matter: the decode side has none.
            if (data["usage"] is { } usage)
                said["usage"] = $"{usage["prompt_tokens"]} {usage["completion_tokens"]}";
        }

        return said;
    }
}
