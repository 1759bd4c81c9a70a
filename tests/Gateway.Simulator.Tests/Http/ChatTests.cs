using System.Net;
using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

public sealed class ChatTests : IAsyncLifetime
{
    private SimulatedWorker _worker = null!;
    private WorkerClient _client = null!;

    public async Task InitializeAsync()
    {
        _worker = await SimulatedWorker.StartAsync(new SimulatorOptions { Name = "tester", Timings = EngineTimings.Instant });
        _client = new WorkerClient(_worker);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_has_the_shape_of_a_chat_completion_and_says_that_it_is_simulated()
    {
        var answer = await _client.ChatAsync("Hello there");

        Assert.StartsWith("chatcmpl-", (string?)answer["id"]);
        Assert.Equal("chat.completion", (string?)answer["object"]);
        Assert.Equal("sim-8b", (string?)answer["model"]);
        Assert.NotNull(answer["created"]);
        Assert.NotNull(answer["system_fingerprint"]);
        var choice = Assert.Single(answer["choices"]!.AsArray())!;
        Assert.Equal("assistant", (string?)choice["message"]!["role"]);
        Assert.StartsWith("[simulated engine, no model] ", (string?)choice["message"]!["content"]);
        Assert.Equal("stop", (string?)choice["finish_reason"]);
        var usage = answer["usage"]!;
        Assert.Equal((int)usage["prompt_tokens"]! + (int)usage["completion_tokens"]!, (int)usage["total_tokens"]!);
        Assert.Equal(0, (int)usage["prompt_tokens_details"]!["cached_tokens"]!);
    }

    [Fact]
    public async Task A_stream_opens_with_the_role_and_ends_with_finish_reason_usage_and_DONE()
    {
        var request = WorkerClient.Chat("Hello there", stream: true);
        request["stream_options"] = new JsonObject { ["include_usage"] = true };

        var events = await _client.StreamAsync("/v1/chat/completions", request);

        Assert.Equal("[DONE]", events[^1]);
        var chunks = events[..^1].ConvertAll(static data => JsonNode.Parse(data)!);
        Assert.All(chunks, static chunk => Assert.Equal("chat.completion.chunk", (string?)chunk["object"]));
        Assert.Single(chunks.Select(static chunk => (string?)chunk["id"]).Distinct());
        Assert.Equal("assistant", (string?)chunks[0]["choices"]![0]!["delta"]!["role"]);
        Assert.Equal("stop", (string?)chunks[^2]["choices"]![0]!["finish_reason"]);
        Assert.Empty(chunks[^1]["choices"]!.AsArray());
        Assert.True((int)chunks[^1]["usage"]!["completion_tokens"]! > 0);
    }

    [Fact]
    public async Task Streamed_and_whole_answers_are_the_same_text()
    {
        var whole = (string?)(await _client.ChatAsync("Same question"))["choices"]![0]!["message"]!["content"];

        var events = await _client.StreamAsync("/v1/chat/completions", WorkerClient.Chat("Same question", stream: true));

        var streamed = string.Concat(events[..^1].Select(static data => (string?)JsonNode.Parse(data)!["choices"]![0]!["delta"]!["content"]));
        Assert.Equal(whole, streamed);
    }

    [Fact]
    public async Task Each_answer_names_the_worker_that_gave_it()
    {
        using var response = await _client.GetAsync("/health");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("tester", Assert.Single(response.Headers.GetValues("x-simulated-engine")));
    }
}
