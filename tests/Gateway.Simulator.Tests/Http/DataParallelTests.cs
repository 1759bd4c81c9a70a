using System.Net;
using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

public sealed class DataParallelTests : IAsyncLifetime
{
    private SimulatedWorker _worker = null!;
    private WorkerClient _client = null!;

    public async Task InitializeAsync()
    {
        _worker = await SimulatedWorker.StartAsync(
            new SimulatorOptions { Timings = EngineTimings.Instant, DataParallelSize = 3, MaxRunningRequests = 10, KvCapacityTokens = 160_000 });
        _client = new WorkerClient(_worker);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task Requests_that_name_no_rank_are_taken_in_turn()
    {
        for (var i = 0; i < 7; i++)
            await _client.ChatAsync("Hello");

        Assert.Equal([3, 2, 2], _worker.Stats.RequestsByRank);
        var stats = await _client.GetJsonAsync("/simulator/stats");
        Assert.Equal([3, 2, 2], stats["requests_by_rank"]!.AsArray().Select(static count => (int)count!));
    }

    [Theory]
    [InlineData("data_parallel_rank")]
    [InlineData("routed_dp_rank")]
    public async Task A_request_can_choose_its_rank(string field)
    {
        foreach (var (path, body) in new Dictionary<string, string>
        {
            ["/v1/chat/completions"] = """{"messages":[{"role":"user","content":"Hello"}]}""",
            ["/v1/completions"] = """{"prompt":["Hello","you"]}""",
            ["/generate"] = """{"text":"Hello"}""",
            ["/v1/embeddings"] = """{"input":"Hello"}""",
        })
        {
            var request = JsonNode.Parse(body)!;
            request[field] = 1;
            await _client.PostJsonAsync(path, request);
        }

        Assert.Equal([0, 5, 0], _worker.Stats.RequestsByRank);
    }

    [Fact]
    public async Task A_rank_in_the_header_goes_before_one_in_the_body()
    {
        _client.Http.DefaultRequestHeaders.Add("X-Data-Parallel-Rank", "2");

        await _client.PostJsonAsync("/generate", new JsonObject { ["text"] = "Hello", ["data_parallel_rank"] = 1 });

        Assert.Equal([0, 0, 1], _worker.Stats.RequestsByRank);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public async Task A_rank_that_is_not_there_is_refused(int rank)
    {
        using var response = await _client.PostAsync("/generate", new JsonObject { ["text"] = "Hello", ["data_parallel_rank"] = rank });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("data_parallel_rank", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["param"]);
        Assert.Equal(0, _worker.Stats.Started);
    }

    [Fact]
    public async Task Each_rank_has_a_cache_of_its_own()
    {
        var request = new JsonObject { ["text"] = string.Join(' ', Enumerable.Repeat("remember", 50)), ["data_parallel_rank"] = 0 };
        await _client.PostJsonAsync("/generate", request);
        Assert.True(CachedTokens(await _client.PostJsonAsync("/generate", request)) > 0);

        request["data_parallel_rank"] = 1;

        Assert.Equal(0, CachedTokens(await _client.PostJsonAsync("/generate", request)));
    }

    [Fact]
    public async Task A_flush_empties_the_caches_of_all_ranks()
    {
        var request = new JsonObject { ["text"] = string.Join(' ', Enumerable.Repeat("remember", 50)), ["data_parallel_rank"] = 2 };
        await _client.PostJsonAsync("/generate", request);

        using var flushed = await _client.PostAsync("/flush_cache", null);

        Assert.Equal(0, CachedTokens(await _client.PostJsonAsync("/generate", request)));
    }

    [Fact]
    public async Task The_server_info_has_a_state_for_each_rank_and_figures_of_the_whole()
    {
        var info = await _client.GetJsonAsync("/get_server_info");

        Assert.Equal((3, 30, 160_000), ((int)info["dp_size"]!, (int)info["max_running_requests"]!, (int)info["max_total_num_tokens"]!));
        var states = info["internal_states"]!.AsArray();
        Assert.Equal([0, 1, 2], states.Select(static state => (int)state!["dp_rank"]!));
        Assert.All(states, static state => Assert.Equal(10, (int)state!["effective_max_running_requests_per_dp"]!));
    }

    [Fact]
    public async Task The_load_is_told_by_rank_and_an_abort_finds_its_rank()
    {
        await using var worker = await SimulatedWorker.StartAsync(new SimulatorOptions { DataParallelSize = 2 });
        using var client = new WorkerClient(worker);
        var request = WorkerClient.EndlessChat(stream: true);
        request["data_parallel_rank"] = 1;
        request["rid"] = "mine";
        using var response = await client.OpenAsync("/v1/chat/completions", request);
        await using var events = WorkerClient.ReadEvents(response).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());

        var loads = (await client.GetJsonAsync("/v1/loads"))!;
        Assert.Equal(2, (int)loads["dp_rank_count"]!);
        Assert.Equal([(0, 0), (1, 1)], loads["loads"]!.AsArray().Select(static load => ((int)load!["dp_rank"]!, (int)load["num_running_reqs"]!)));
        Assert.Equal(
            [(0, 0), (1, 1)],
            (await client.GetJsonAsync("/get_load")).AsArray().Select(static load => ((int)load!["dp_rank"]!, (int)load["num_reqs"]!)));
        var states = (await client.GetJsonAsync("/server_info"))["internal_states"]!.AsArray();
        Assert.Equal([0, 1], states.Select(static state => (int)state!["num_running_reqs"]!));
        Assert.Equal(1, worker.Stats.Running);

        using var aborted = await client.PostAsync("/abort_request", new JsonObject { ["rid"] = "mine" });

        Assert.Equal((1, 0), (worker.Stats.Aborted, worker.Stats.Running));
    }

    [Fact]
    public async Task A_crash_loses_the_work_of_all_ranks()
    {
        await using var worker = await SimulatedWorker.StartAsync(new SimulatorOptions { DataParallelSize = 2 });
        using var client = new WorkerClient(worker);
        var asking = new List<Task>();
        foreach (var rank in (int[])[0, 1])
        {
            var request = WorkerClient.EndlessChat(stream: false);
            request["data_parallel_rank"] = rank;
            asking.Add(client.PostAsync("/v1/chat/completions", request));
        }

        await Eventually.BecomesTrueAsync(() => worker.Stats.Running == 2);
        await worker.CrashAsync();

        foreach (var each in asking)
            await Assert.ThrowsAsync<HttpRequestException>(() => each);
        Assert.Equal((2, 0, 0), (worker.Stats.Failed, worker.Stats.Running, worker.Stats.KvUsedTokens));
    }

    [Fact]
    public async Task A_decode_worker_remembers_the_prefill_rank_that_it_was_told_and_looks_for_the_room_there()
    {
        await using var pair = await WorkerPair.StartAsync(new SimulatorOptions { Timings = EngineTimings.Instant, DataParallelSize = 2 });
        var request = pair.Meet(WorkerPair.Completion("Hello"));
        Assert.Null(pair.Decode.Stats.LastDisaggPrefillDpRank);
        var ofPrefill = request.DeepClone();
        ofPrefill["data_parallel_rank"] = 1;
        var prefill = pair.PrefillClient.PostJsonAsync("/v1/completions", ofPrefill);
        await Eventually.BecomesTrueAsync(() => pair.Prefill.Stats.RoomsOpen == 1);

        request["disagg_prefill_dp_rank"] = 0;
        using var wrong = await pair.DecodeClient.PostAsync("/v1/completions", request);
        Assert.Equal(HttpStatusCode.InternalServerError, wrong.StatusCode);
        request["disagg_prefill_dp_rank"] = 1;
        await pair.DecodeClient.PostJsonAsync("/v1/completions", request);
        await prefill;

        Assert.Equal(1, pair.Decode.Stats.LastDisaggPrefillDpRank);
        Assert.Equal([0, 1], pair.Prefill.Stats.RequestsByRank);
    }

    private static int CachedTokens(JsonNode answer) => (int)answer["meta_info"]!["cached_tokens"]!;
}
