using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

public sealed class OtherEndpointTests : IAsyncLifetime
{
    private SimulatedWorker _worker = null!;
    private WorkerClient _client = null!;

    public async Task InitializeAsync()
    {
        _worker = await SimulatedWorker.StartAsync(new SimulatorOptions { Timings = EngineTimings.Instant });
        _client = new WorkerClient(_worker);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task A_completion_streams_the_text_that_it_gives_whole()
    {
        var request = new JsonObject { ["model"] = "sim-8b", ["prompt"] = "Once upon a time", ["max_tokens"] = 20 };
        var whole = await _client.PostJsonAsync("/v1/completions", request);
        Assert.Equal(("text_completion", "length"), ((string?)whole["object"], (string?)whole["choices"]![0]!["finish_reason"]));

        request["stream"] = true;
        var events = await _client.StreamAsync("/v1/completions", request);

        Assert.Equal("[DONE]", events[^1]);
        Assert.Equal(
            (string?)whole["choices"]![0]!["text"],
            string.Concat(events[..^1].Select(static data => (string?)JsonNode.Parse(data)!["choices"]![0]!["text"])));
    }

    [Fact]
    public async Task Several_choices_differ_and_are_interleaved_in_a_stream()
    {
        await using var worker = await SimulatedWorker.StartAsync(new SimulatorOptions { Timings = EngineTimings.Fast });
        using var client = new WorkerClient(worker);
        var request = WorkerClient.Chat("Hello");
        request["n"] = 2;
        var whole = (await client.PostJsonAsync("/v1/chat/completions", request))["choices"]!.AsArray();
        Assert.NotEqual((string?)whole[0]!["message"]!["content"], (string?)whole[1]!["message"]!["content"]);

        request["stream"] = true;
        var events = await client.StreamAsync("/v1/chat/completions", request);

        var choices = events[..^1].ConvertAll(static data => JsonNode.Parse(data)!["choices"]![0]!);
        foreach (var index in (int[])[0, 1])
        {
            var mine = choices.FindAll(choice => (int)choice["index"]! == index);
            Assert.Equal("assistant", (string?)mine[0]["delta"]!["role"]);
            Assert.NotNull((string?)mine[^1]["finish_reason"]);
            Assert.Equal(
                (string?)whole[index]!["message"]!["content"],
                string.Concat(mine.Select(static choice => (string?)choice["delta"]!["content"])));
        }
    }

    [Fact]
    public async Task Generate_answers_text_ids_and_meta_info()
    {
        var answer = await _client.PostJsonAsync("/generate", Generate(max: 5));

        var meta = answer["meta_info"]!;
        Assert.StartsWith("[sim", (string?)answer["text"]);
        Assert.Equal(5, answer["output_ids"]!.AsArray().Count);
        Assert.Equal(("length", 5), ((string?)meta["finish_reason"]!["type"], (int)meta["completion_tokens"]!));
        Assert.NotNull((string?)meta["id"]);
        Assert.NotNull(meta["e2e_latency"]);
        Assert.Equal(0, (int)meta["cached_tokens"]!);
    }

    [Fact]
    public async Task Generate_streams_the_text_so_far_in_each_event()
    {
        var request = Generate(max: 30);
        request["stream"] = true;

        var events = await _client.StreamAsync("/generate", request);

        Assert.Equal("[DONE]", events[^1]);
        var last = JsonNode.Parse(events[^2])!;
        Assert.Equal("length", (string?)last["meta_info"]!["finish_reason"]!["type"]);
        Assert.Equal((string?)(await _client.PostJsonAsync("/generate", Generate(max: 30)))["text"], (string?)last["text"]);
    }

    [Fact]
    public async Task Generate_takes_token_ids_and_batches()
    {
        var ids = await _client.PostJsonAsync("/generate", new JsonObject { ["input_ids"] = new JsonArray(1, 2, 3) });
        Assert.Equal(3, (int)ids["meta_info"]!["prompt_tokens"]!);

        var batch = await _client.PostJsonAsync("/generate", new JsonObject { ["text"] = new JsonArray("one", "two") });
        Assert.Equal([0, 1], batch.AsArray().Select(static answer => (int)answer!["index"]!));
    }

    [Fact]
    public async Task The_choices_of_a_batch_of_completions_follow_each_other()
    {
        var request = new JsonObject { ["prompt"] = new JsonArray("one", "two"), ["n"] = 2, ["stream_options"] = new JsonObject { ["include_usage"] = true } };
        var whole = await _client.PostJsonAsync("/v1/completions", request);
        string[] texts = [.. whole["choices"]!.AsArray().Select(static choice => (string)choice!["text"]!)];
        Assert.Equal((4, 4 * 16), (texts.Distinct().Count(), (int)whole["usage"]!["completion_tokens"]!));

        request["stream"] = true;
        var events = (await _client.StreamAsync("/v1/completions", request)).SkipLast(1).Select(static data => JsonNode.Parse(data)!).ToList();

        Assert.Equal(4 * 16, (int)events[^1]["usage"]!["completion_tokens"]!);
        for (var i = 0; i < texts.Length; i++)
        {
            var mine = events.SelectMany(static data => data["choices"]!.AsArray()).Where(choice => (int)choice!["index"]! == i);
            Assert.Equal(texts[i], string.Concat(mine.Select(static choice => (string?)choice!["text"])));
        }
    }

    [Fact]
    public async Task A_batch_of_generate_streams_with_the_index_of_each_prompt()
    {
        var request = new JsonObject { ["text"] = new JsonArray("one", "two"), ["rid"] = new JsonArray("a", "b"), ["stream"] = true };

        var events = (await _client.StreamAsync("/generate", request)).SkipLast(1).Select(static data => JsonNode.Parse(data)!).ToList();

        Assert.Equal(
            [(0, "a"), (1, "b")],
            events.Where(static data => data["meta_info"]!["finish_reason"] is not null)
                .Select(static data => ((int)data["index"]!, (string)data["meta_info"]!["id"]!))
                .Order());
    }

    [Fact]
    public async Task An_id_of_a_batch_is_numbered()
    {
        var request = new JsonObject { ["text"] = new JsonArray("one", "two"), ["rid"] = "a" };

        var batch = (await _client.PostJsonAsync("/generate", request)).AsArray();

        Assert.Equal(["a_0", "a_1"], batch.Select(static answer => (string?)answer!["meta_info"]!["id"]));
    }

    [Fact]
    public async Task Embeddings_are_unit_vectors_in_either_encoding()
    {
        var request = new JsonObject { ["model"] = "sim-8b", ["input"] = new JsonArray("one", "two") };
        var plain = (await _client.PostJsonAsync("/v1/embeddings", request))["data"]!.AsArray();
        var vector = plain[0]!["embedding"]!.AsArray().Select(static component => (float)component!).ToArray();
        Assert.Equal((2, 64), (plain.Count, vector.Length));
        Assert.Equal(1, vector.Sum(static component => component * component), precision: 3);

        request["encoding_format"] = "base64";
        var encoded = (await _client.PostJsonAsync("/v1/embeddings", request))["data"]!.AsArray();

        var bytes = Convert.FromBase64String((string)encoded[0]!["embedding"]!);
        Assert.Equal(vector[3], BitConverter.ToSingle(bytes, 12));
    }

    [Theory]
    [InlineData("/rerank")]
    [InlineData("/v1/rerank")]
    public async Task Rerank_orders_the_documents_by_score(string path)
    {
        var request = new JsonObject { ["query"] = "q", ["documents"] = new JsonArray("a", "b", "c"), ["top_n"] = 2 };

        var results = (await _client.PostJsonAsync(path, request)).AsArray();

        Assert.Equal(2, results.Count);
        Assert.True((double)results[0]!["score"]! >= (double)results[1]!["score"]!);
    }

    [Fact]
    public async Task Rerank_of_vLLM_has_its_own_shape()
    {
        await using var worker = await SimulatedWorker.StartAsync(
            new SimulatorOptions { Timings = EngineTimings.Instant, Runtime = SimulatedRuntime.Vllm });
        using var client = new WorkerClient(worker);

        var answer = await client.PostJsonAsync("/v1/rerank", new JsonObject { ["query"] = "q", ["documents"] = new JsonArray("a") });

        Assert.NotNull(answer["results"]![0]!["relevance_score"]);
    }

    [Fact]
    public async Task Classify_gives_a_label_and_probabilities_that_sum_to_one()
    {
        var answer = await _client.PostJsonAsync("/v1/classify", new JsonObject { ["input"] = "x" });

        var result = answer["data"]![0]!;
        Assert.NotNull((string?)result["label"]);
        Assert.Equal(1, result["probs"]!.AsArray().Sum(static probability => (double)probability!), precision: 9);
    }

    private static JsonObject Generate(int max) => new()
    {
        ["text"] = "Once upon a time",
        ["sampling_params"] = new JsonObject { ["max_new_tokens"] = max, ["ignore_eos"] = true },
    };
}
