using System.Net;
using System.Text.Json;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Admin;

/// <summary>The control plane of a gateway that serves engines by their data-parallel ranks.</summary>
public sealed class DataParallelWorkerTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ControlPlaneUnderTest _gateway = null!;
    private EngineStandIn _engine = null!;
    private string _id = null!;

    private string Url => _engine.Url;

    public async Task InitializeAsync()
    {
        _engine = await EngineStandIn.StartAsync(TwoRanksAsync);
        _gateway = await ControlPlaneUnderTest.StartAsync(fleet: new FleetOptions { DataParallelAware = true });
        _id = await _gateway.RegisterAsync($$"""{"url": "{{Url}}"}""");
        await _gateway.UntilReadyAsync(_id);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task The_ranks_are_listed_after_their_worker_and_counted_in_its_stead()
    {
        var list = await _gateway.SendAsync("GET", "/workers");

        JsonElement[] workers = [.. list["workers"].EnumerateArray()];
        Assert.Equal([Url, $"{Url}@0", $"{Url}@1"], workers.Select(static worker => worker.GetProperty("url").GetString()));
        Assert.Equal((3, 2), (list["total"].GetInt32(), list["stats"].GetProperty("regular_count").GetInt32()));
        Assert.Equal(
            workers[0].GetProperty("dp_ranks").EnumerateArray().Select(static id => id.GetString()),
            workers[1..].Select(static rank => rank.GetProperty("id").GetString()));
        Assert.All(workers[1..], rank => Assert.Equal(
            (_id, 2, "ready", "m", 8),
            (rank.GetProperty("belongs_to").GetString(), rank.GetProperty("dp_size").GetInt32(), rank.GetProperty("status").GetString(),
                rank.GetProperty("model_id").GetString(), rank.GetProperty("discovered").GetProperty("max_running_requests").GetInt32())));
        Assert.Equal([0, 1], workers[1..].Select(static rank => rank.GetProperty("dp_rank").GetInt32()));
    }

    [Fact]
    public async Task Readiness_counts_the_ranks_and_not_their_worker_too()
    {
        var ready = await _gateway.SendAsync("GET", "/readiness");
        Assert.Equal((2, 2), (ready["healthy_workers"].GetInt32(), ready["total_workers"].GetInt32()));
    }

    [Fact]
    public async Task A_rank_can_be_looked_up_but_is_changed_through_its_worker()
    {
        var worker = await _gateway.SendAsync("GET", $"/workers/{_id}");
        var rank = worker["dp_ranks"][1].GetString();
        Assert.Equal($"{Url}@1", (await _gateway.SendAsync("GET", $"/workers/{rank}")).Text("url"));

        foreach (var (method, body) in new[] { ("DELETE", null), ("PATCH", "{\"priority\": 1}"), ("PUT", $$"""{"url": "{{Url}}@1"}""") })
        {
            var refused = await _gateway.SendAsync(method, $"/workers/{rank}", body);
            Assert.Equal((HttpStatusCode.Conflict, "WORKER_IS_RANK", _id), (refused.Status, refused.Text("code"), refused.Text("worker_id")));
            Assert.Equal($"/workers/{_id}", refused.Location);
        }
    }

    [Fact]
    public async Task What_was_shown_of_the_worker_can_be_sent_back_and_an_edit_reaches_its_ranks()
    {
        var shown = await _gateway.SendAsync("GET", $"/workers/{_id}");
        var put = await _gateway.SendAsync("PUT", $"/workers/{_id}", shown.Body.GetRawText());
        Assert.Equal(HttpStatusCode.Accepted, put.Status);
        await _gateway.UntilReadyAsync(_id);

        Assert.Equal(HttpStatusCode.Accepted, (await _gateway.SendAsync("PATCH", $"/workers/{_id}", """{"priority": 70}""")).Status);

        var list = await _gateway.SendAsync("GET", "/workers");
        Assert.Equal([70, 70, 70], list["workers"].EnumerateArray().Select(static worker => worker.GetProperty("priority").GetInt32()));
    }

    [Fact]
    public async Task Removing_the_worker_removes_its_ranks()
    {
        Assert.Equal(HttpStatusCode.Accepted, (await _gateway.SendAsync("DELETE", $"/workers/{_id}")).Status);
        await _gateway.UntilAsync("/workers", static answer => answer["total"].GetInt32() == 0);
    }

    [Fact]
    public async Task Requests_are_spread_over_the_ranks_and_a_removal_waits_for_all_of_them()
    {
        // The second one when the first is counted: both at the same moment may take the same rank.
        var first = AskAsync();
        await _gateway.UntilAsync("/workers", static answer => Loads(answer).StartsWith("1 ", StringComparison.Ordinal));
        Task<Answer>[] requests = [first, AskAsync()];
        await _gateway.UntilAsync("/workers", static answer => Loads(answer) == "2 1 1");

        await _gateway.SendAsync("DELETE", $"/workers/{_id}");

        var draining = await _gateway.SendAsync("GET", $"/workers/{_id}");
        Assert.Equal(("draining", 2), (draining.Text("status"), draining["load"].GetInt32()));
        Assert.Equal("no_healthy_workers", (await AskAsync())["error"].GetProperty("code").GetString());
        _go.SetResult();
        Assert.All(await Task.WhenAll(requests), static answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        await _gateway.UntilAsync("/workers", static answer => answer["total"].GetInt32() == 0);

        static string Loads(Answer list) => string.Join(' ', list["workers"].EnumerateArray().Select(static worker => worker.GetProperty("load").GetInt32()));
    }

    [Fact]
    public async Task A_single_rank_of_the_engine_cannot_be_registered_beside_it()
    {
        var answer = await _gateway.SendAsync("POST", "/workers", $$"""{"url": "{{Url}}", "dp_rank": 1}""");

        Assert.Equal((HttpStatusCode.Conflict, "WORKER_ALREADY_EXISTS", _id), (answer.Status, answer.Text("code"), answer.Text("worker_id")));
        Assert.Equal($"{Url} is registered with all its ranks", answer.Text("error"));
    }

    [Fact]
    public async Task The_engine_is_asked_for_its_load_once_and_a_single_rank_is_told_its_own()
    {
        await using var other = await EngineStandIn.StartAsync(TwoRanksAsync);
        await _gateway.UntilReadyAsync(await _gateway.RegisterAsync($$"""{"url": "{{other.Url}}@1"}"""));

        var answer = await _gateway.SendAsync("GET", "/get_loads");

        Assert.Equal([(Url, 42L, 2), ($"{other.Url}@1", 12L, 1)], answer["loads"].EnumerateArray().Select(static load => (
            load.GetProperty("worker").GetString()!,
            load.GetProperty("load").GetInt64(),
            load.GetProperty("details").GetProperty("dp_rank_count").GetInt32())));
        Assert.Single(_engine.Seen, static request => request.Target == "/v1/loads");
    }

    private Task<Answer> AskAsync() => _gateway.SendAsync("POST", "/v1/chat/completions", TestGateway.ChatBody(model: "m"));

    private async Task TwoRanksAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/server_info":
                await EngineStandIn.AnswerJsonAsync(
                    context,
                    """{"dp_size": 2, "max_running_requests": null, "internal_states": [{"effective_max_running_requests_per_dp": 8}, {"effective_max_running_requests_per_dp": 8}]}""");
                break;
            case "/v1/chat/completions":
                await _go.Task;
                await EngineStandIn.AnswerJsonAsync(context, "{}");
                break;
            default:
                await ControlPlaneUnderTest.SgLangAsync(context);
                break;
        }
    }
}
