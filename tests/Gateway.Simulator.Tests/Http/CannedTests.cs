using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

public sealed class CannedTests : IAsyncLifetime
{
    private SimulatedWorker _worker = null!;
    private WorkerClient _client = null!;

    public async Task InitializeAsync()
    {
        _worker = await SimulatedWorker.StartAsync(new SimulatorOptions
        {
            Mode = SimulatorMode.Canned,
            Canned = new CannedOptions { BodyBytes = 1000, ChunkCount = 7, ChunkBytes = 11 },
        });
        _client = new WorkerClient(_worker);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task A_whole_answer_has_the_size_that_was_set()
    {
        var content = (string)(await _client.ChatAsync("Hello"))["choices"]![0]!["message"]!["content"]!;

        Assert.Equal(1000, content.Length);
        Assert.StartsWith("[simulated engine, canned answer]", content);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public async Task A_stream_has_the_chunks_that_were_set_however_far_back_the_request_asks_for_it(int promptBytes)
    {
        var events = await _client.StreamAsync("/v1/chat/completions", WorkerClient.Chat(new string('"', promptBytes), stream: true));

        Assert.Equal("[DONE]", events[^1]);
        var contents = events[..^1].Select(static data => (string?)JsonNode.Parse(data)!["choices"]![0]!["delta"]!["content"]);
        Assert.Equal(7, contents.Count(static content => content?.Length == 11));
    }

    [Fact]
    public async Task A_prompt_that_speaks_of_streaming_does_not_make_it_stream()
    {
        var answer = await _client.ChatAsync("""{"stream":true}""");

        Assert.Equal("chat.completion", (string?)answer["object"]);
        Assert.Equal((1, 1), (_worker.Stats.Started, _worker.Stats.Finished));
    }

    [Fact]
    public async Task Completions_are_canned_too()
    {
        var answer = await _client.PostJsonAsync("/v1/completions", new JsonObject { ["prompt"] = "x" });

        Assert.Equal(1000, ((string)answer["choices"]![0]!["text"]!).Length);
    }

    [Fact]
    public async Task A_canned_stream_can_be_cut()
    {
        _worker.Faults.CutAfterEvents(2);
        using var response = await _client.OpenAsync("/v1/chat/completions", WorkerClient.Chat("Hello", stream: true));

        await Assert.ThrowsAnyAsync<IOException>(async () => await WorkerClient.ReadEvents(response).ToListAsync());
        await Eventually.BecomesTrueAsync(() => _worker.Stats.Failed == 1);
    }
}
