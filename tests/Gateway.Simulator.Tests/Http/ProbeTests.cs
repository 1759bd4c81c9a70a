using System.Net;
using System.Net.Http.Headers;

namespace Gateway.Simulator.Tests.Http;

public sealed class ProbeTests
{
    private static readonly SimulatorOptions _instant = new() { Timings = EngineTimings.Instant };

    [Fact]
    public async Task An_SGLang_worker_shows_what_SGLang_shows()
    {
        await using var worker = await SimulatedWorker.StartAsync(_instant);
        using var client = new WorkerClient(worker);

        var model = (await client.GetJsonAsync("/v1/models"))["data"]![0]!;
        Assert.Equal(("sim-8b", "model", "sglang"), ((string?)model["id"], (string?)model["object"], (string?)model["owned_by"]));
        Assert.Equal(131_072, (int)model["max_model_len"]!);
        foreach (var path in (string[])["/get_model_info", "/model_info"])
        {
            var info = await client.GetJsonAsync(path);
            Assert.Equal(("simulated/sim-8b", true), ((string?)info["model_path"], (bool)info["is_generation"]!));
        }

        foreach (var path in (string[])["/get_server_info", "/server_info"])
        {
            var info = await client.GetJsonAsync(path);
            Assert.Equal(("sim-8b", 1, 256), ((string?)info["served_model_name"], (int)info["dp_size"]!, (int)info["max_running_requests"]!));
            Assert.Equal(524_288, (int)info["max_total_num_tokens"]!);
        }

        Assert.Equal(0, (int)(await client.GetJsonAsync("/v1/loads"))["loads"]![0]!["num_used_tokens"]!);
        Assert.Equal(0, (int)(await client.GetJsonAsync("/get_load"))[0]!["num_reqs"]!);
        Assert.Contains("sglang:num_running_reqs", await client.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
        await AssertStatusAsync(client, "/version", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_vLLM_worker_shows_what_vLLM_shows()
    {
        await using var worker = await SimulatedWorker.StartAsync(_instant with { Runtime = SimulatedRuntime.Vllm });
        using var client = new WorkerClient(worker);

        Assert.Equal("vllm", (string?)(await client.GetJsonAsync("/v1/models"))["data"]![0]!["owned_by"]);
        Assert.NotNull((string?)(await client.GetJsonAsync("/version"))["version"]);
        var metrics = await client.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("vllm:num_requests_running{model_name=\"sim-8b\"} 0", metrics);
        Assert.Contains("vllm:num_requests_waiting", metrics);
        Assert.Contains("vllm:kv_cache_usage_perc", metrics);
        foreach (var path in (string[])["/get_model_info", "/get_server_info", "/v1/loads", "/generate"])
            await AssertStatusAsync(client, path, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(SimulatedRuntime.SgLang)]
    [InlineData(SimulatedRuntime.Vllm)]
    public async Task Every_runtime_answers_the_common_probes(SimulatedRuntime runtime)
    {
        await using var worker = await SimulatedWorker.StartAsync(_instant with { Runtime = runtime, Aliases = ["sim"] });
        using var client = new WorkerClient(worker);

        await AssertStatusAsync(client, "/health", HttpStatusCode.OK);
        await AssertStatusAsync(client, "/health_generate", HttpStatusCode.OK);
        Assert.Equal(2, (await client.GetJsonAsync("/v1/models"))["data"]!.AsArray().Count);
        Assert.Equal("sim", (string?)(await client.GetJsonAsync("/v1/models/sim"))["id"]);
        await AssertStatusAsync(client, "/v1/models/other", HttpStatusCode.NotFound);
        using var flushed = await client.PostAsync("/flush_cache", null);
        Assert.Equal(HttpStatusCode.OK, flushed.StatusCode);
        await AssertStatusAsync(client, "/v1/chat/completions", HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task A_loading_worker_listens_but_is_not_healthy_and_knows_no_model_yet()
    {
        var time = new ManualTime();
        await using var worker = await SimulatedWorker.StartAsync(
            _instant with { LoadingTime = TimeSpan.FromSeconds(30), TimeProvider = time });
        using var client = new WorkerClient(worker);

        await AssertStatusAsync(client, "/health", HttpStatusCode.ServiceUnavailable);
        await AssertStatusAsync(client, "/v1/models", HttpStatusCode.ServiceUnavailable);

        time.Advance(TimeSpan.FromSeconds(30));

        await AssertStatusAsync(client, "/health", HttpStatusCode.OK);
        await AssertStatusAsync(client, "/v1/models", HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_worker_with_a_key_answers_only_health_and_metrics_without_it()
    {
        await using var worker = await SimulatedWorker.StartAsync(_instant with { ApiKey = "secret" });
        using var client = new WorkerClient(worker);

        await AssertStatusAsync(client, "/health", HttpStatusCode.OK);
        await AssertStatusAsync(client, "/metrics", HttpStatusCode.OK);
        await AssertStatusAsync(client, "/v1/models", HttpStatusCode.Unauthorized);
        client.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        await AssertStatusAsync(client, "/v1/models", HttpStatusCode.Unauthorized);
        client.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        await AssertStatusAsync(client, "/v1/models", HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_stats_over_HTTP_are_those_in_the_process()
    {
        await using var worker = await SimulatedWorker.StartAsync(_instant);
        using var client = new WorkerClient(worker);
        await client.ChatAsync("Hello");

        var stats = await client.GetJsonAsync("/simulator/stats");

        Assert.Equal((1, 1, 0), ((int)stats["started"]!, (int)stats["finished"]!, (int)stats["aborted"]!));
        Assert.Equal(worker.Stats.PromptTokens, (long)stats["prompt_tokens"]!);
        Assert.Equal(1, (int)stats["requests_by_path"]!["/v1/chat/completions"]!);
        Assert.Equal(1, worker.Stats.RequestsByPath["/v1/chat/completions"]);
    }

    private static async Task AssertStatusAsync(WorkerClient client, string path, HttpStatusCode expected)
    {
        using var response = await client.GetAsync(path);
        Assert.Equal(expected, response.StatusCode);
    }
}
