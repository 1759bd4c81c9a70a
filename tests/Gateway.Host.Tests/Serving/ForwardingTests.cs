using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Serving;

public class ForwardingTests
{
    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/completions")]
    [InlineData("/v1/embeddings")]
    [InlineData("/v1/rerank")]
    [InlineData("/rerank")]
    [InlineData("/v1/classify")]
    [InlineData("/generate")]
    public async Task A_body_reaches_the_engine_as_the_same_bytes_and_the_answer_comes_back(string path)
    {
        await using var engine = await EngineStandIn.StartAsync(context => EngineStandIn.AnswerJsonAsync(context, """{"id":"é"}"""));
        await using var gateway = await TestGateway.StartAsync(null, engine);
        var body = $$"""{ "stream" : false, "messages":[{"content":"\u00e9 {[\"\\"}], "model":"{{TestGateway.Model}}" }""";

        using var response = await gateway.PostAsync(path, body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("""{"id":"é"}""", await response.Content.ReadAsStringAsync());
        var seen = engine.Seen.Single();
        Assert.Equal(("POST", path, body), (seen.Method, seen.Target, seen.Body));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(3_000_000)]
    public async Task Bodies_and_answers_of_any_size_pass_unchanged(int size)
    {
        await using var engine = await EngineStandIn.StartAsync(async context =>
            await EngineStandIn.AnswerJsonAsync(context, new string('y', size)));
        await using var gateway = await TestGateway.StartAsync(null, engine);
        var body = $$"""{"messages":"{{new string('x', size)}}","model":"{{TestGateway.Model}}"}""";

        using var response = await gateway.PostAsync("/v1/chat/completions", body);

        Assert.Equal(new string('y', size), await response.Content.ReadAsStringAsync());
        Assert.Equal(body, engine.Seen.Single().Body);
    }

    [Fact]
    public async Task A_chunked_body_is_sent_on_with_its_length()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);

        using var response = await gateway.ChatAsync(change: message => message.Headers.TransferEncodingChunked = true);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"{TestGateway.ChatBody().Length}", engine.Seen.Single().Header("Content-Length"));
        Assert.Null(engine.Seen.Single().Header("Transfer-Encoding"));
    }

    [Theory]
    [InlineData("""{"model":"llama","prompt":"p"}""", """{"model":"org/llama-3.1","prompt":"p"}""")]
    [InlineData("""{"prompt":"llama", "model" : "llama" }""", """{"prompt":"llama", "model" : "org/llama-3.1" }""")]
    [InlineData("""{"model":"lla\u006da"}""", """{"model":"org/llama-3.1"}""")]
    public async Task An_alias_is_replaced_by_the_canonical_id_and_nothing_else_changes(string sent, string seen)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);

        using var response = await gateway.PostAsync("/v1/completions", sent);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(seen, engine.Seen.Single().Body);
        Assert.Equal($"{seen.Length}", engine.Seen.Single().Header("Content-Length"));
    }

    [Fact]
    public async Task A_wildcard_worker_gets_the_model_as_the_client_named_it()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync();
        gateway.Add(engine.Url, spec => spec with { Models = [new ModelCard(ModelCard.Wildcard)] });

        using var response = await gateway.ChatAsync(model: "whatever");

        Assert.Equal(TestGateway.ChatBody(model: "whatever"), engine.Seen.Single().Body);
    }

    [Fact]
    public async Task Generate_without_a_model_means_the_only_one()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);

        using var only = await gateway.PostAsync("/generate", """{"text":"hi"}""");
        gateway.Add(engine.Url, spec => spec with { Models = [new ModelCard("another")] });
        using var ambiguous = await gateway.PostAsync("/generate", """{"text":"hi"}""");

        Assert.Equal(HttpStatusCode.OK, only.StatusCode);
        Assert.Equal("""{"text":"hi"}""", engine.Seen.Single().Body);
        await ApiAssert.ErrorAsync(ambiguous, 400, "missing_required_parameter");
    }

    [Fact]
    public async Task Headers_go_through_except_those_of_the_connection_and_the_gateways_own()
    {
        await using var engine = await EngineStandIn.StartAsync(async context =>
        {
            context.Response.Headers["x-engine"] = "yes";
            context.Response.Headers["x-many"] = new[] { "a", "b" };
            context.Response.Headers.Server = "uvicorn";
            context.Response.Headers.Connection = "x-private";
            context.Response.Headers["x-private"] = "1";
            context.Response.Headers.Location = "http://10.0.0.7/secret";
            context.Response.Headers["x-request-id"] = "the-engines-own";
            await EngineStandIn.AnswerJsonAsync(context, "{}");
        });
        await using var gateway = await TestGateway.StartAsync(null, engine);
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        using var response = await gateway.ChatAsync(change: message =>
        {
            message.Headers.Add("traceparent", Trace);
            message.Headers.Add("tracestate", "congo=t61rcWkgMzE");
            message.Headers.Add("x-custom", "c");
            message.Headers.Add("Accept-Encoding", "gzip");
            message.Headers.Add("Connection", "x-hop");
            message.Headers.Add("x-hop", "1");
            message.Headers.Add("TE", "trailers");
            message.Headers.Add("x-request-id", "client-1");
            message.Headers.Add("Authorization", "Bearer the-clients");
        });

        var seen = engine.Seen.Single();
        Assert.Equal(Trace, seen.Header("traceparent"));
        Assert.Equal("congo=t61rcWkgMzE", seen.Header("tracestate"));
        Assert.Equal("c", seen.Header("x-custom"));
        Assert.Equal("client-1", seen.Header("x-request-id"));
        Assert.Equal("Bearer the-clients", seen.Header("Authorization"));
        Assert.Equal(new Uri(engine.Url).Authority, seen.Header("Host"));
        Assert.All(["Accept-Encoding", "x-hop", "TE"], name => Assert.Null(seen.Header(name)));

        Assert.Equal(["client-1"], response.Headers.GetValues("x-request-id"));
        Assert.Equal(["yes"], response.Headers.GetValues("x-engine"));
        Assert.Equal(["a", "b"], response.Headers.GetValues("x-many"));
        Assert.All(["Server", "x-private", "Location"], name => Assert.False(response.Headers.Contains(name), name));
    }

    [Fact]
    public async Task The_gateways_key_stays_here_and_the_workers_key_goes_to_the_worker()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Security = new SecurityOptions { ApiKey = new Secret("gateway-key") } }, engine);

        using var plain = await gateway.ChatAsync(change: message => message.Headers.Add("x-api-key", "gateway-key"));
        gateway.Publish([gateway.Add(engine.Url, spec => spec with { ApiKey = new Secret("worker-key") })]);
        using var keyed = await gateway.ChatAsync(change: message => message.Headers.Add("Authorization", "Bearer gateway-key"));

        Assert.Equal([null, "Bearer worker-key"], engine.Seen.Select(seen => seen.Header("Authorization")));
        Assert.All(engine.Seen, seen => Assert.Null(seen.Header("x-api-key")));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_engines_error_is_relayed_as_it_is(int status)
    {
        await using var engine = await EngineStandIn.StartAsync(context => EngineStandIn.AnswerJsonAsync(context, """{"detail":"mine"}""", status));
        await using var gateway = await TestGateway.StartAsync(new GatewayOptions { Retry = new RetryOptions { Disabled = true } }, engine);

        using var response = await gateway.ChatAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("""{"detail":"mine"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(status == 500 ? 1 : 0, gateway.Workers[0].Breaker.ConsecutiveFailures);
    }

    [Fact]
    public async Task An_engine_that_answers_before_it_has_read_the_body_is_heard()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Retry = new RetryOptions { Disabled = true } }, engine);
        engine.ReadsBody = false;
        engine.Behaviour = context => EngineStandIn.AnswerJsonAsync(context, "{}", StatusCodes.Status413PayloadTooLarge);

        using var response = await gateway.PostAsync(
            "/v1/completions", $$"""{"model":"{{TestGateway.Model}}","prompt":"{{new string('x', 200_000)}}"}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Questions_about_the_engine_go_to_a_worker_of_the_model_that_is_asked_for()
    {
        await using var engine = await EngineStandIn.StartAsync(context => EngineStandIn.AnswerJsonAsync(context, $"\"{context.Request.Path}\""));
        await using var gateway = await TestGateway.StartAsync(null, engine);

        foreach (var path in new[] { "/get_model_info", "/get_server_info", "/health_generate" })
        {
            Assert.Equal($"\"{path}\"", await gateway.Client.GetStringAsync(path));
            Assert.Equal($"\"{path}\"", await gateway.Client.GetStringAsync($"{path}?model={TestGateway.Alias}"));
            await ApiAssert.ErrorAsync(await gateway.Client.GetAsync($"{path}?model=none"), 404, "model_not_found");
        }

        Assert.All(engine.Seen, seen => Assert.DoesNotContain('?', seen.Target));
    }

    [Fact]
    public async Task The_access_log_tells_of_a_request_without_its_content()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Security = new SecurityOptions { ApiKey = new Secret("the-key") } }, engine);

        using var response = await gateway.ChatAsync(change: message => message.Headers.Add("Authorization", "Bearer the-key"));
        await response.Content.ReadAsStringAsync();
        await gateway.AssertNothingInFlightAsync();

        var id = response.Headers.GetValues("x-request-id").Single();
        Assert.Matches("^chatcmpl-[A-Za-z0-9]{24}$", id);
        var line = await gateway.Logs.WaitForAsync(text => text.Contains($"id={id}", StringComparison.Ordinal));
        Assert.Contains("POST /v1/chat/completions 200 Complete tenant=default model=org/llama-3.1", line, StringComparison.Ordinal);
        Assert.All(gateway.Logs.Lines, text => Assert.DoesNotContain("the-key", text, StringComparison.Ordinal));
        Assert.All(gateway.Logs.Lines, text => Assert.DoesNotContain("\"hi\"", text, StringComparison.Ordinal));
    }
}
