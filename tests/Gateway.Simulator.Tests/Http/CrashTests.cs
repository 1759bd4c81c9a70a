using System.Net;
using System.Net.Sockets;
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
        using var response = await client.OpenAsync("/v1/chat/completions", WorkerClient.EndlessChat(stream: true));
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

    [Fact]
    public async Task A_crash_resets_idle_connections_rather_than_closing_them()
    {
        await using var worker = await SimulatedWorker.StartAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, worker.Port);
        await socket.SendAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        Assert.True(await socket.ReceiveAsync(new byte[4096]) > 0);

        await worker.CrashAsync();

        var reset = await Assert.ThrowsAsync<SocketException>(() => socket.ReceiveAsync(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    [Fact]
    public async Task A_worker_can_crash_and_revive_many_times_under_load()
    {
        await using var worker = await SimulatedWorker.StartAsync(new SimulatorOptions { Timings = EngineTimings.Fast });
        using var done = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            using var client = new WorkerClient(worker);
            while (!done.IsCancellationRequested)
            {
                try
                {
                    await client.StreamAsync("/v1/chat/completions", WorkerClient.Chat("Hello", stream: true));
                }
                catch (Exception error) when (error is HttpRequestException or IOException or SocketException)
                {
                    await Task.Yield();
                }
            }
        })).ToList();

        for (var i = 0; i < 10; i++)
        {
            var finished = worker.Stats.Finished;
            await Eventually.BecomesTrueAsync(() => worker.Stats.Finished > finished);
            await worker.CrashAsync();
            await worker.ReviveAsync();
        }

        await done.CancelAsync();
        await Task.WhenAll(clients);
        await Eventually.BecomesTrueAsync(() => worker.Stats.Running + worker.Stats.Waiting == 0);
        Assert.Equal(worker.Stats.Started, worker.Stats.Finished + worker.Stats.Aborted + worker.Stats.Failed);
    }

    private static int CachedTokens(JsonNode answer) => (int)answer["usage"]!["prompt_tokens_details"]!["cached_tokens"]!;
}
