using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

public sealed class AbortTests : IAsyncLifetime
{
    private SimulatedWorker _worker = null!;
    private WorkerClient _client = null!;

    public async Task InitializeAsync()
    {
        _worker = await SimulatedWorker.StartAsync();
        _client = new WorkerClient(_worker);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_leaves_a_stream_aborts_its_generation_and_frees_the_slots_of_all_choices()
    {
        var request = WorkerClient.EndlessChat(stream: true);
        request["n"] = 3;
        using (var response = await _client.OpenAsync("/v1/chat/completions", request))
        {
            await using var events = WorkerClient.ReadEvents(response).GetAsyncEnumerator();
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(3, _worker.Stats.Running);
        }

        await Eventually.BecomesTrueAsync(() => _worker.Stats.Aborted == 1);
        Assert.Equal((1, 0, 0), (_worker.Stats.Started, _worker.Stats.Finished, _worker.Stats.Running));
        Assert.Equal(0, _worker.Stats.KvUsedTokens);
    }

    [Fact]
    public async Task A_client_that_stops_waiting_for_a_whole_answer_aborts_it_too()
    {
        using var patience = new CancellationTokenSource();
        using var content = System.Net.Http.Json.JsonContent.Create(WorkerClient.EndlessChat(stream: false));
        var asking = _client.Http.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content, patience.Token);
        await Eventually.BecomesTrueAsync(() => _worker.Stats.Running == 1);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Eventually.BecomesTrueAsync(() => _worker.Stats.Aborted == 1);
        Assert.Equal(0, _worker.Stats.Running);
    }

    [Fact]
    public async Task An_abort_request_ends_the_stream_with_the_reason_abort()
    {
        var request = WorkerClient.EndlessChat(stream: true);
        request["rid"] = "mine";
        using var response = await _client.OpenAsync("/v1/chat/completions", request);
        await using var events = WorkerClient.ReadEvents(response).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());

        using var aborted = await _client.PostAsync("/abort_request", new JsonObject { ["rid"] = "mine" });

        Assert.True(aborted.IsSuccessStatusCode);
        var rest = new List<string>();
        while (await events.MoveNextAsync())
            rest.Add(events.Current);
        Assert.Equal("[DONE]", rest[^1]);
        Assert.Equal("abort", (string?)JsonNode.Parse(rest[^2])!["choices"]![0]!["finish_reason"]);
        Assert.Equal(1, _worker.Stats.Aborted);
    }

    [Fact]
    public async Task A_stop_lets_running_requests_end()
    {
        var asking = _client.ChatAsync("Hello");
        await Eventually.BecomesTrueAsync(() => _worker.Stats.Running == 1);

        await _worker.StopAsync();

        Assert.NotNull(await asking);
        Assert.Equal((1, 0), (_worker.Stats.Finished, _worker.Stats.Failed));
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync("/health"));
    }
}
