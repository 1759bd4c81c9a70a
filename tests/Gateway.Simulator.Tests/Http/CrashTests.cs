using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

public sealed class CrashTests
{
    [Fact]
    public async Task A_crash_refuses_connections_and_a_revival_answers_on_the_same_port_with_an_empty_cache()
    {
        await using var worker = await SimulatedWorker.StartAsync(new SimulatorOptions { Timings = EngineTimings.Instant });
        using var client = new WorkerClient(worker);
        var text = string.Join(' ', Enumerable.Repeat("remember", 50));
        await client.ChatAsync(text);
        Assert.True(CachedTokens(await client.ChatAsync(text)) > 0);
        var url = worker.Url;

        await worker.CrashAsync();

        Assert.False(worker.IsRunning);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/health"));

        await worker.ReviveAsync();

        Assert.Equal(url, worker.Url);
        Assert.Equal(0, CachedTokens(await client.ChatAsync(text)));
    }

    [Fact]
    public async Task A_crash_resets_a_running_stream_and_counts_it_as_failed()
    {
        await using var worker = await SimulatedWorker.StartAsync();
        using var client = new WorkerClient(worker);
        var request = WorkerClient.Chat("Tell me a long story", stream: true);
        request["ignore_eos"] = true;
        request["max_tokens"] = 10_000;
        using var response = await client.OpenAsync("/v1/chat/completions", request);
        await using var events = WorkerClient.ReadEvents(response).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());

        await worker.CrashAsync();

        var last = "";
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await events.MoveNextAsync())
                last = events.Current;
        });
        Assert.NotEqual("[DONE]", last);
        Assert.Equal(1, worker.Stats.Failed);
        Assert.Equal(0, worker.Stats.Running);
    }

    private static int CachedTokens(JsonNode answer) => (int)answer["usage"]!["prompt_tokens_details"]!["cached_tokens"]!;
}
