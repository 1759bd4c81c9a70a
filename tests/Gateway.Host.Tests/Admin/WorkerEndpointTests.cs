using System.Net;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Admin;

public sealed class WorkerEndpointTests : IAsyncLifetime
{
    /// <summary>Nobody listens there: such a worker is never ready.</summary>
    private const string Nowhere = "http://127.0.0.1:9";

    private ControlPlaneUnderTest _gateway = null!;
    private EngineStandIn _engine = null!;

    public async Task InitializeAsync()
    {
        _engine = await EngineStandIn.StartAsync(ControlPlaneUnderTest.SgLangAsync);
        _gateway = await ControlPlaneUnderTest.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task A_registration_is_accepted_and_can_be_looked_up_at_once()
    {
        var answer = await _gateway.SendAsync("POST", "/workers", $$"""{"url": "{{Nowhere}}"}""");

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal("accepted", answer.Text("status"));
        Assert.Equal(Nowhere, answer.Text("url"));
        Assert.Equal($"/workers/{answer.Text("worker_id")}", answer.Location);
        Assert.Equal(answer.Location, answer.Text("location"));
        var worker = await _gateway.SendAsync("GET", answer.Location!);
        Assert.Equal(HttpStatusCode.OK, worker.Status);
        Assert.Equal("AddWorker", worker["job_status"].GetProperty("job_type").GetString());
        Assert.False(worker["is_healthy"].GetBoolean());
    }

    [Fact]
    public async Task A_worker_becomes_ready_and_shows_what_was_discovered()
    {
        var id = await _gateway.RegisterAsync($$"""{"url": "{{_engine.Url}}", "labels": {"zone": "b"}, "priority": 70}""");

        var worker = await _gateway.UntilReadyAsync(id);

        Assert.Equal(id, worker.Text("id"));
        Assert.Equal("m", worker.Text("model_id"));
        Assert.Equal("sglang", worker.Text("runtime_type"));
        Assert.Equal("http", worker.Text("connection_mode"));
        Assert.Equal("regular", worker.Text("worker_type"));
        Assert.Equal("b", worker["labels"].GetProperty("zone").GetString());
        Assert.Equal(70, worker["priority"].GetInt32());
        Assert.Equal(0, worker["load"].GetInt32());
        Assert.Equal("api", worker.Text("origin"));
        Assert.Equal("closed", worker.Text("breaker"));
        Assert.True(worker["is_healthy"].GetBoolean());
        Assert.False(worker.Body.TryGetProperty("job_status", out _));
    }

    [Fact]
    public async Task A_worker_that_says_that_it_has_changed_is_asked_what_it_serves()
    {
        var model = "before";
        await using var engine = await EngineStandIn.StartAsync(context => context.Request.Path == "/v1/models"
            ? EngineStandIn.AnswerJsonAsync(context, $$"""{"data": [{"id": "{{Volatile.Read(ref model)}}"}]}""")
            : Task.CompletedTask);
        var id = await _gateway.RegisterAsync($$"""{"url": "{{engine.Url}}"}""");
        Assert.Equal("before", (await _gateway.UntilReadyAsync(id)).Text("model_id"));
        Volatile.Write(ref model, "after");

        var answer = await _gateway.SendAsync("POST", $"/workers/{id}/refresh");

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        await _gateway.UntilAsync($"/workers/{id}", static worker => worker.Text("model_id") == "after");
    }

    [Fact]
    public async Task A_second_registration_is_refused_with_the_first_ones_id_and_says_whether_it_is_the_same()
    {
        var id = await _gateway.RegisterAsync($$"""{"url": "{{Nowhere}}", "priority": 1}""");

        var same = await _gateway.SendAsync("POST", "/workers", $$"""{"url": "{{Nowhere}}/", "priority": 1}""");
        var other = await _gateway.SendAsync("POST", "/workers", $$"""{"url": "{{Nowhere}}", "priority": 2}""");

        Assert.All([same, other], answer =>
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.Status);
            Assert.Equal("WORKER_ALREADY_EXISTS", answer.Text("code"));
            Assert.Equal(id, answer.Text("worker_id"));
            Assert.Equal($"/workers/{id}", answer.Location);
        });
        Assert.True(same["identical"].GetBoolean());
        Assert.False(other["identical"].GetBoolean());
    }

    [Theory]
    [InlineData("POST", "/workers", "{", "the body is not valid JSON (line 1, byte 2)")]
    [InlineData("POST", "/workers", "", "the body is not valid JSON (line 1, byte 1)")]
    [InlineData("POST", "/workers", "{\"url\": \"http://a\", \"priorty\": 1}", "priorty: unknown field; did you mean priority?")]
    [InlineData("POST", "/workers", "{\"url\": \"http://a\", \"url\": \"http://b\"}", "the body is not valid JSON (line 1, byte 1)")]
    [InlineData("GET", "/workers/7", null, "worker_id: must be a UUID")]
    [InlineData("PATCH", "/workers/7", "{}", "worker_id: must be a UUID")]
    [InlineData("DELETE", "/workers/0c3c0a4a-2b1e-4a5d-9c58-1d6e5a2f7b10?force=maybe", null, "force: must be true or false")]
    [InlineData("DELETE", "/workers/0c3c0a4a-2b1e-4a5d-9c58-1d6e5a2f7b10?drain_timeout_secs=x", null, "drain_timeout_secs: must be a number from 0 to 86400")]
    [InlineData("PATCH", "/workers/0c3c0a4a-2b1e-4a5d-9c58-1d6e5a2f7b10?expected_revision=x", "{}", "expected_revision: must be a whole number")]
    public async Task What_cannot_be_understood_is_a_bad_request(string method, string path, string? body, string error)
    {
        var answer = await _gateway.SendAsync(method, path, body);

        Assert.Equal((HttpStatusCode.BadRequest, "BAD_REQUEST"), (answer.Status, answer.Text("code")));
        Assert.Equal(error, answer.Text("error"));
    }

    [Theory]
    [InlineData("GET", null)]
    [InlineData("PUT", "{\"url\": \"http://a\"}")]
    [InlineData("PATCH", "{}")]
    [InlineData("DELETE", null)]
    public async Task An_unknown_worker_is_not_found(string method, string? body)
    {
        var answer = await _gateway.SendAsync(method, "/workers/0c3c0a4a-2b1e-4a5d-9c58-1d6e5a2f7b10", body);

        Assert.Equal((HttpStatusCode.NotFound, "WORKER_NOT_FOUND"), (answer.Status, answer.Text("code")));
    }

    [Fact]
    public async Task The_list_has_every_worker_with_counts_and_can_be_filtered_by_model()
    {
        await _gateway.RegisterAsync("""{"url": "http://127.0.0.1:9", "models": [{"id": "m", "aliases": ["nick"]}], "worker_type": "prefill"}""");
        await _gateway.RegisterAsync("""{"url": "http://127.0.0.2:9", "models": ["n"], "worker_type": "decode"}""");
        await _gateway.RegisterAsync("""{"url": "http://127.0.0.3:9", "models": ["m"]}""");

        var all = await _gateway.SendAsync("GET", "/workers");
        Assert.Equal((3, 1, 1, 1), Counts(all));
        Assert.Equal(["http://127.0.0.1:9", "http://127.0.0.2:9", "http://127.0.0.3:9"], all["workers"].EnumerateArray().Select(static worker => worker.GetProperty("url").GetString()!));
        Assert.Equal((2, 1, 0, 1), Counts(await _gateway.SendAsync("GET", "/workers?model=m")));
        Assert.Equal((1, 1, 0, 0), Counts(await _gateway.SendAsync("GET", "/workers?model=nick")));
        Assert.Equal((0, 0, 0, 0), Counts(await _gateway.SendAsync("GET", "/workers?model=other")));
    }

    [Fact]
    public async Task A_replacement_keeps_the_id_and_the_URL()
    {
        var id = await _gateway.RegisterAsync($$"""{"url": "{{Nowhere}}", "labels": {"zone": "b"} }""");

        var replaced = await _gateway.SendAsync("PUT", $"/workers/{id}", $$"""{"url": "{{Nowhere}}", "priority": 3}""");
        var moved = await _gateway.SendAsync("PUT", $"/workers/{id}", """{"url": "http://127.0.0.2:9"}""");

        Assert.Equal((HttpStatusCode.Accepted, id), (replaced.Status, replaced.Text("worker_id")));
        Assert.Equal((HttpStatusCode.BadRequest, "BAD_REQUEST"), (moved.Status, moved.Text("code")));
        var worker = await _gateway.SendAsync("GET", $"/workers/{id}");
        Assert.Equal(3, worker["priority"].GetInt32());
        Assert.Empty(worker["labels"].EnumerateObject());
    }

    [Fact]
    public async Task What_was_read_can_be_sent_back_and_changes_nothing()
    {
        var id = await _gateway.RegisterAsync($$"""{"url": "{{_engine.Url}}", "models": ["m"], "runtime_type": "sglang", "health": {"timeout_secs": 3}, "api_key": "hush" }""");
        var worker = await _gateway.UntilReadyAsync(id);

        var answer = await _gateway.SendAsync("PUT", $"/workers/{id}", worker.Body.GetRawText(), worker.ETag);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal("nothing to change", answer.Text("message"));
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_nothing_else()
    {
        var id = await _gateway.RegisterAsync($$"""{"url": "{{Nowhere}}", "priority": 3, "health": {"timeout_secs": 3} }""");

        var answer = await _gateway.SendAsync("PATCH", $"/workers/{id}", """{"cost": 2, "labels": {"a": "b"}, "health": {"check_interval_secs": 9}}""");

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        var worker = await _gateway.SendAsync("GET", $"/workers/{id}");
        Assert.Equal((3, 2), (worker["priority"].GetInt32(), worker["cost"].GetInt32()));
        Assert.Equal("""{"timeout_secs":3,"check_interval_secs":9}""", worker["health"].GetRawText());
        Assert.Equal(2, worker["revision"].GetInt32());
    }

    [Fact]
    public async Task An_edit_of_an_older_revision_is_refused()
    {
        var id = await _gateway.RegisterAsync($$"""{"url": "{{Nowhere}}"}""");
        var tag = (await _gateway.SendAsync("GET", $"/workers/{id}")).ETag;
        Assert.Equal(HttpStatusCode.Accepted, (await _gateway.SendAsync("PATCH", $"/workers/{id}", """{"cost": 2}""", tag)).Status);

        var patch = await _gateway.SendAsync("PATCH", $"/workers/{id}", """{"cost": 3}""", tag);
        var put = await _gateway.SendAsync("PUT", $"/workers/{id}?expected_revision=1", $$"""{"url": "{{Nowhere}}"}""");

        Assert.All([patch, put], static answer => Assert.Equal((HttpStatusCode.PreconditionFailed, "REVISION_MISMATCH"), (answer.Status, answer.Text("code"))));
        Assert.Equal(2, (await _gateway.SendAsync("GET", $"/workers/{id}"))["cost"].GetInt32());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?drain_timeout_secs=1.5")]
    [InlineData("?force=true")]
    public async Task A_removed_worker_is_gone_and_its_URL_is_free(string query)
    {
        var id = await _gateway.RegisterAsync($$"""{"url": "{{_engine.Url}}"}""");
        await _gateway.UntilReadyAsync(id);

        var answer = await _gateway.SendAsync("DELETE", $"/workers/{id}{query}");

        Assert.Equal((HttpStatusCode.Accepted, id), (answer.Status, answer.Text("worker_id")));
        await _gateway.UntilAsync($"/workers/{id}", static worker => worker.Status == HttpStatusCode.NotFound);
        Assert.Equal(id, await _gateway.RegisterAsync($$"""{"url": "{{_engine.Url}}"}"""));
    }

    [Fact]
    public async Task A_workers_key_reaches_its_engine_outlives_edits_and_is_never_shown()
    {
        var id = await _gateway.RegisterAsync($$"""{"url": "{{_engine.Url}}", "api_key": "hush-1"}""");
        await _gateway.UntilReadyAsync(id);
        await _gateway.SendAsync("PUT", $"/workers/{id}", $$"""{"url": "{{_engine.Url}}", "priority": 9}""");
        await _gateway.UntilReadyAsync(id);
        await _gateway.SendAsync("POST", "/flush_cache");
        await _gateway.SendAsync("PATCH", $"/workers/{id}", """{"api_key": "hush-2"}""");
        await _gateway.SendAsync("POST", "/flush_cache");
        await _gateway.SendAsync("POST", "/workers", $$"""{"url": "{{_engine.Url}}", "api_key": "hush-3"}""");
        await _gateway.SendAsync("POST", "/workers", """{"url": "http://127.0.0.5:9", "api_key": "hush-4", "nonsense": 1}""");
        await _gateway.SendAsync("GET", "/workers");
        await _gateway.SendAsync("GET", "/get_loads");

        Assert.Equal(
            ["Bearer hush-1", "Bearer hush-2"],
            _engine.Seen.Where(static seen => seen.Target == "/flush_cache").Select(static seen => seen.Header("Authorization")));
        Assert.All(_gateway.Answers, static answer => Assert.DoesNotContain("hush", answer, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_body_that_is_far_too_large_is_refused()
    {
        var answer = await _gateway.SendAsync("POST", "/workers", $$"""{"url": "{{new string('x', 2 * 1024 * 1024)}}"}""");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "PAYLOAD_TOO_LARGE"), (answer.Status, answer.Text("code")));
    }

    private static (int Total, int Prefill, int Decode, int Regular) Counts(Answer answer) => (
        answer["total"].GetInt32(),
        answer["stats"].GetProperty("prefill_count").GetInt32(),
        answer["stats"].GetProperty("decode_count").GetInt32(),
        answer["stats"].GetProperty("regular_count").GetInt32());
}
