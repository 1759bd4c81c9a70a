using System.Net;
using System.Text.Json;
using Gateway.Host.Configuration;
using Gateway.Host.Dashboard.Requests;
using Gateway.Host.Dashboard.Watching;
using Gateway.Host.Serving;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.Dashboard;

public sealed class DashboardEventsTests
{
    private static readonly SimulatorOptions Instant = new() { Timings = EngineTimings.Instant };

    [Fact]
    public async Task The_whole_picture_comes_first()
    {
        await using var gateway = await LiveGateway.StartAsync(2, Instant);
        using var events = await EventReader.OpenAsync(gateway.Client);

        var hello = await events.NextAsync();
        var fleet = await events.NextAsync();
        var models = await events.NextAsync();

        Assert.Equal("text/event-stream", events.Head.Content.Headers.ContentType!.MediaType);
        Assert.Equal(("hello", "admin"), (hello!.Value.Name, hello.Value.Data.GetProperty("role").GetString()));
        Assert.Equal("fleet", fleet!.Value.Name);
        var workers = fleet.Value.Data.GetProperty("workers").EnumerateArray().ToArray();
        Assert.Equal(gateway.Engines.Workers.Select(static engine => engine.Url.GetLeftPart(UriPartial.Authority)), workers.Select(static worker => worker.GetProperty("url").GetString()));
        Assert.All(workers, static worker => Assert.Equal(("ready", "closed"), (worker.GetProperty("status").GetString(), worker.GetProperty("breaker").GetString())));
        Assert.Equal("models", models!.Value.Name);
        Assert.Equal("cache_aware", models.Value.Data.GetProperty("models")[0].GetProperty("roles").GetProperty("regular").GetProperty("policy").GetString());
    }

    [Fact]
    public async Task Of_a_change_only_what_has_changed_is_told()
    {
        await using var gateway = await LiveGateway.StartAsync(3, Instant);
        using var events = await EventReader.OpenAsync(gateway.Client);
        await events.UntilAsync("models");
        var victim = gateway.Engines.Workers[1];

        await victim.CrashAsync();
        var change = await events.UntilAsync("fleet", static data => data.GetProperty("workers").GetArrayLength() > 0);

        var told = Assert.Single(change.GetProperty("workers").EnumerateArray());
        Assert.Equal(gateway.EntryOf(victim).Worker.Id.ToString(), told.GetProperty("id").GetString());
        Assert.NotEqual("ready", told.GetProperty("status").GetString());
        using var removed = await gateway.Client.DeleteAsync(new Uri($"/workers/{gateway.EntryOf(victim).Worker.Id}?force=true", UriKind.Relative));
        var gone = await events.UntilAsync("fleet", static data => data.GetProperty("gone").GetArrayLength() > 0);
        Assert.Equal(told.GetProperty("id").GetString(), gone.GetProperty("gone")[0].GetString());
    }

    [Fact]
    public async Task A_request_that_has_ended_is_told_with_where_it_went_why_and_how_long_it_took_and_without_what_was_said()
    {
        await using var gateway = await LiveGateway.StartAsync(2, Instant);
        using var events = await EventReader.OpenAsync(gateway.Client);

        using var answer = await gateway.Client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), ClientLoad.Request(stream: false, maxTokens: 7, prompt: "my secret"));
        var id = answer.Headers.GetValues("x-request-id").Single();
        var data = await events.UntilAsync("requests", data => Find(data, id) is not null);

        var told = Find(data, id)!.Value;
        Assert.DoesNotContain("secret", data.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("simulated engine, no model", data.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(200, told.GetProperty("status").GetInt32());
        Assert.Equal("complete", told.GetProperty("ending").GetString());
        Assert.Equal("sim-8b", told.GetProperty("model").GetString());
        Assert.Contains(gateway.View.Current.Workers.Values, entry => entry.Worker.Spec.Url.Text == told.GetProperty("worker").GetProperty("url").GetString());
        var route = told.GetProperty("route");
        Assert.Equal(("cache_aware", "least cost", 2), (route.GetProperty("policy").GetString(), route.GetProperty("rule").GetString(), route.GetProperty("candidates").GetInt32()));
        Assert.Equal(0, route.GetProperty("prefix_share").GetDouble());
        Assert.Equal(7, told.GetProperty("tokens").GetProperty("completion").GetInt32());
        var times = told.GetProperty("times").EnumerateObject().Sum(static part => part.Value.GetDouble());
        Assert.InRange(times, told.GetProperty("total_ms").GetDouble() - 0.1, told.GetProperty("total_ms").GetDouble() + 0.1);
    }

    [Fact]
    public async Task While_somebody_watches_it_is_told_how_each_worker_was_weighed()
    {
        await using var gateway = await LiveGateway.StartAsync(3, Instant);
        using var events = await EventReader.OpenAsync(gateway.Client);
        // With the next second, the watcher is known.
        await events.UntilAsync("traffic");
        await events.UntilAsync("traffic");
        await events.UntilAsync("traffic");

        using var answer = await gateway.Client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), ClientLoad.Request(stream: false, maxTokens: 2));
        var data = await events.UntilAsync("requests", static data => data.GetProperty("requests").GetArrayLength() > 0);

        var weighed = data.GetProperty("requests")[0].GetProperty("route").GetProperty("weighed");
        Assert.Equal(3, weighed.GetArrayLength());
        Assert.All(weighed.EnumerateArray(), static worker => Assert.True(worker.GetProperty("cost").GetDouble() > 0));
    }

    [Fact]
    public async Task Requests_that_reach_no_worker_are_told_and_the_control_planes_are_not()
    {
        await using var gateway = await LiveGateway.StartAsync(0, Instant);
        using var events = await EventReader.OpenAsync(gateway.Client);

        using var workers = await gateway.Client.GetAsync(new Uri("/workers", UriKind.Relative));
        using var answer = await gateway.Client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), ClientLoad.Request(stream: false, maxTokens: 7));
        var data = await events.UntilAsync("requests", static data => data.GetProperty("requests").GetArrayLength() > 0);

        var told = Assert.Single(data.GetProperty("requests").EnumerateArray());
        Assert.Equal((404, "model_not_found"), (told.GetProperty("status").GetInt32(), told.GetProperty("error").GetString()));
        // The client's own word, which may be anything.
        Assert.False(told.TryGetProperty("model", out _));
        Assert.False(told.TryGetProperty("route", out _));
    }

    [Fact]
    public async Task Traffic_is_told_second_by_second()
    {
        await using var gateway = await LiveGateway.StartAsync(1, Instant);
        using var events = await EventReader.OpenAsync(gateway.Client);
        for (var i = 0; i < 5; i++)
            (await gateway.Client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), ClientLoad.Request(stream: false, maxTokens: 3))).Dispose();

        var (good, tokens) = (0L, 0L);
        while (good < 5)
        {
            foreach (var sample in (await events.UntilAsync("traffic")).GetProperty("samples").EnumerateArray())
                (good, tokens) = (good + sample.GetProperty("good").GetInt64(), tokens + sample.GetProperty("completion_tokens").GetInt64());
        }

        Assert.Equal((5, 15), (good, tokens));
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_misses_old_requests_and_holds_none()
    {
        await using var gateway = await LiveGateway.StartAsync(0, Instant);
        using var events = await EventReader.OpenAsync(gateway.Client);
        var ring = gateway.App.Services.GetRequiredService<RequestRing>();
        await events.UntilAsync("models");

        // More than sockets and pipes hold between here and there.
        for (var i = 0; i < 40 * RequestRing.Capacity; i++)
            ring.Add(Record($"{i}{new string('x', 400)}"));
        var (seen, missed) = (0, 0L);
        while (seen + missed < 40 * RequestRing.Capacity)
        {
            var data = await events.UntilAsync("requests");
            seen += data.GetProperty("requests").GetArrayLength();
            missed += data.GetProperty("missed").GetInt64();
        }

        Assert.True(missed > 0);
        Assert.Equal(40 * RequestRing.Capacity, seen + missed);
    }

    [Fact]
    public async Task Watchers_are_few_and_one_that_has_gone_makes_room()
    {
        await using var gateway = await LiveGateway.StartAsync(0);
        var watchers = gateway.App.Services.GetRequiredService<Watchers>();
        var open = new List<EventReader>();
        for (var i = 0; i < Watchers.Most; i++)
            open.Add(await EventReader.OpenAsync(gateway.Client));

        using (var refused = await gateway.Client.GetAsync(new Uri("/dashboard/events", UriKind.Relative)))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(Watchers.Most, watchers.Count);
        open[0].Dispose();
        await Eventually.HoldsAsync(() => watchers.Count == Watchers.Most - 1, "its place is free");
        (await EventReader.OpenAsync(gateway.Client)).Dispose();
        open.ForEach(static one => one.Dispose());

        await Eventually.HoldsAsync(() => watchers.Count == 0, "nothing is left of them");
    }

    [Fact]
    public async Task A_gateway_that_stops_tells_its_watchers_and_does_not_wait_for_them()
    {
        await using var gateway = await LiveGateway.StartAsync(1, Instant);
        using var events = await EventReader.OpenAsync(gateway.Client);
        await events.UntilAsync("models");

        // With a watcher that were waited for it would take the whole grace, which is longer than the test has patience.
        await gateway.App.StopAsync().WaitAsync(Eventually.Limit);

        while (await events.NextAsync() is not null)
        {
        }
    }

    [Fact]
    public async Task Nothing_is_kept_without_a_dashboard()
    {
        await using var gateway = await LiveGateway.StartAsync(1, Instant, static options => options with { Security = new SecurityOptions { DisableDashboard = true } });

        using var answer = await gateway.Client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), ClientLoad.Request(stream: false, maxTokens: 2));
        using var page = await gateway.Client.GetAsync(new Uri("/dashboard", UriKind.Relative));
        using var events = await gateway.Client.GetAsync(new Uri("/dashboard/events", UriKind.Relative));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (answer.StatusCode, page.StatusCode, events.StatusCode));
        Assert.Equal(0, gateway.App.Services.GetRequiredService<RequestRing>().End);
    }

    private static JsonElement? Find(JsonElement data, string id)
    {
        foreach (var request in data.GetProperty("requests").EnumerateArray())
        {
            if (request.GetProperty("id").GetString() == id)
                return request;
        }

        return null;
    }

    private static RequestRecord Record(string id) => new()
    {
        Id = id,
        EndedAt = DateTimeOffset.UnixEpoch,
        Endpoint = "/v1/completions",
        Status = 200,
        Ending = ExchangeEnding.Complete,
        Total = TimeSpan.Zero,
        Times = default,
    };
}
