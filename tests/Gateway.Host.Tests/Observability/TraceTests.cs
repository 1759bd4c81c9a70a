using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Observability;

/// <summary>What a collector is sent, and what engines are told, by real gateways over real sockets.</summary>
public sealed class TraceTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string ClientSpan = "00f067aa0ba902b7";
    private const string Sampled = $"00-{TraceId}-{ClientSpan}-01";
    private const string NotSampled = $"00-{TraceId}-{ClientSpan}-00";

    [Fact]
    public async Task A_request_is_a_span_in_its_clients_trace_and_each_attempt_one_in_the_request()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var engine = await EngineStandIn.StartAsync(static context => EngineStandIn.AnswerJsonAsync(
            context, """{"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":16}}}"""));
        await using var gateway = await TestGateway.StartAsync(collector.Traced(), engine);

        using (var answer = await gateway.ChatAsync(model: TestGateway.Alias, change: With(Sampled, "vendor=x")))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var (request, attempts) = Tree(await collector.TakeAsync(2));
        var attempt = Assert.Single(attempts);
        Assert.Equal((TraceId, ClientSpan, "vendor=x"), (request.TraceId, request.ParentId, request.TraceState));
        Assert.Equal(($"chat {TestGateway.Model}", 2, 0), (request.Name, request.Kind, request.Status));
        Assert.Equal("chat", request["gen_ai.operation.name"]);
        Assert.Equal((TestGateway.Alias, TestGateway.Model), (request["gen_ai.request.model"], request["gen_ai.response.model"]));
        Assert.Equal(("20", "7", "16"), (request["gen_ai.usage.input_tokens"], request["gen_ai.usage.output_tokens"], request["gen_ai.usage.cache_read.input_tokens"]));
        Assert.Equal(("POST", "/v1/chat/completions", "200"), (request["http.request.method"], request["http.route"], request["http.response.status_code"]));
        Assert.Equal(("127.0.0.1", "default", "1"), (request["server.address"], request["gateway.tenant"], request["gateway.attempts"]));
        Assert.StartsWith("chatcmpl-", request["gateway.request.id"], StringComparison.Ordinal);
        Assert.Null(request["error.type"]);
        Assert.Contains("gateway.first_piece", request.Events);

        var worker = gateway.Workers[0];
        Assert.Equal(($"attempt {TestGateway.Model}", 3, 0), (attempt.Name, attempt.Kind, attempt.Status));
        Assert.Equal((worker.Id.ToString(), worker.Spec.Url.Text, "1"), (attempt["gateway.worker.id"], attempt["gateway.worker.url"], attempt["gateway.worker.epoch"]));
        Assert.Equal(("regular", "round_robin", "1"), (attempt["gateway.worker.role"], attempt["gateway.policy"], attempt["gateway.attempt.number"]));
        Assert.Equal(("success", "200"), (attempt["gateway.attempt.outcome"], attempt["http.response.status_code"]));
        Assert.Equal(worker.Spec.Url.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), attempt["server.port"]);
        Assert.Contains("gateway.first_piece", attempt.Events);
        Assert.True(request.Start <= attempt.Start && attempt.Start <= attempt.End && attempt.End <= request.End);

        var seen = Assert.Single(engine.Seen);
        Assert.Equal((attempt.TraceParent, "vendor=x"), (seen.Header("traceparent"), seen.Header("tracestate")));
    }

    [Fact]
    public async Task A_request_that_is_tried_again_shows_the_attempt_that_failed()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var bad = await EngineStandIn.StartAsync(static context => EngineStandIn.AnswerJsonAsync(context, "{}", 500));
        await using var good = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(collector.Traced());
        gateway.Add(TestGateway.RefusingUrl());
        gateway.Add(bad.Url);
        gateway.Add(good.Url);

        (await gateway.ChatAsync()).Dispose();

        var (request, attempts) = Tree(await collector.TakeAsync(4));
        Assert.Equal("", request.ParentId);
        Assert.Equal(("3", "200", 0), (request["gateway.attempts"], request["http.response.status_code"], request.Status));
        Assert.Equal(["1", "2", "3"], attempts.Select(static one => one["gateway.attempt.number"]));
        Assert.Equal([null, "1", "2"], attempts.Select(static one => one["http.request.resend_count"]));
        Assert.Equal(["failure", "failure", "success"], attempts.Select(static one => one["gateway.attempt.outcome"]));
        Assert.Equal(["upstream_unreachable", "500", null], attempts.Select(static one => one["error.type"]));
        Assert.Equal([2, 2, 0], attempts.Select(static one => one.Status));
        Assert.NotEqual("", attempts[0].StatusMessage);
        Assert.Equal(attempts[1].TraceParent, Assert.Single(bad.Seen).Header("traceparent"));
        Assert.Equal(attempts[2].TraceParent, Assert.Single(good.Seen).Header("traceparent"));
    }

    [Fact]
    public async Task A_request_that_the_client_does_not_sample_has_no_span_and_passes_as_it_came()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(collector.Traced(), engine);

        (await gateway.ChatAsync(change: With(NotSampled, "vendor=x"))).Dispose();
        (await gateway.ChatAsync(change: With(Sampled))).Dispose();

        var spans = await collector.TakeAsync(2);
        Assert.Equal(engine.Seen.Last().Header("traceparent"), Tree(spans).Attempts.Single().TraceParent);
        Assert.Equal((NotSampled, "vendor=x"), (engine.Seen.First().Header("traceparent"), engine.Seen.First().Header("tracestate")));
    }

    [Fact]
    public async Task Of_requests_without_a_trace_the_ratio_decides()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(collector.Traced(new TraceOptions { SampleRatio = 0 }), engine);

        (await gateway.ChatAsync()).Dispose();
        (await gateway.ChatAsync(change: With("not-a-traceparent-but-as-long-as-one-is-at-least--------01"))).Dispose();
        (await gateway.ChatAsync(change: With(Sampled))).Dispose();

        var spans = await collector.TakeAsync(2);
        Assert.All(spans, static span => Assert.Equal(TraceId, span.TraceId));
        Assert.Null(engine.Seen.First().Header("traceparent"));
    }

    [Fact]
    public async Task Without_tracing_the_clients_trace_passes_as_it_came()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);

        (await gateway.ChatAsync(change: With(Sampled, "vendor=x"))).Dispose();

        var seen = Assert.Single(engine.Seen);
        Assert.Equal((Sampled, "vendor=x"), (seen.Header("traceparent"), seen.Header("tracestate")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prompts_are_recorded_only_if_the_operator_wants_it(bool wanted)
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var engine = await EngineStandIn.StartAsync(static context => EngineStandIn.AnswerJsonAsync(context, """{"choices":["the answer"]}"""));
        await using var gateway = await TestGateway.StartAsync(collector.Traced(new TraceOptions { RecordsPrompts = wanted }), engine);

        (await gateway.ChatAsync()).Dispose();

        var spans = await collector.TakeAsync(2);
        var words = spans.SelectMany(static span => span.Attributes.Values).ToList();
        Assert.Equal(wanted, words.Exists(static word => word.Contains("\"content\":\"hi\"", StringComparison.Ordinal)));
        Assert.DoesNotContain(words, static word => word.Contains("the answer", StringComparison.Ordinal));
        Assert.Equal(wanted, Tree(spans).Request["gateway.prompt"] is not null);
    }

    [Fact]
    public async Task The_halves_of_a_pair_have_a_span_each()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var prefill = await EngineStandIn.StartAsync();
        await using var decode = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(collector.Traced());
        gateway.Add(prefill.Url, static spec => spec with { Role = WorkerRole.Prefill, BootstrapPort = 8998 });
        gateway.Add(decode.Url, static spec => spec with { Role = WorkerRole.Decode });

        (await gateway.ChatAsync()).Dispose();

        var (_, attempts) = Tree(await collector.TakeAsync(3));
        var (first, second) = (attempts.Single(static one => one["gateway.worker.role"] == "prefill"), attempts.Single(static one => one["gateway.worker.role"] == "decode"));
        Assert.Equal(($"prefill {TestGateway.Model}", $"decode {TestGateway.Model}"), (first.Name, second.Name));
        Assert.Equal(("1", "1"), (first["gateway.attempt.number"], second["gateway.attempt.number"]));
        Assert.Equal(("success", "success"), (first["gateway.attempt.outcome"], second["gateway.attempt.outcome"]));
        Assert.Equal(first.TraceParent, Assert.Single(prefill.Seen).Header("traceparent"));
        Assert.Equal(second.TraceParent, Assert.Single(decode.Seen).Header("traceparent"));
    }

    [Fact]
    public async Task A_hedge_has_a_span_of_its_own()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var slow = await EngineStandIn.StartAsync();
        slow.Behaviour = slow.HangAsync;
        await using var quick = await EngineStandIn.StartAsync(async context =>
        {
            await Eventually.HoldsAsync(() => !slow.Seen.IsEmpty, "the first engine is asked");
            await EngineStandIn.AnswerJsonAsync(context, "{}");
        });
        var options = collector.Traced() with { Retry = new RetryOptions { HedgeAfter = TimeSpan.FromMilliseconds(50) } };
        await using var gateway = await TestGateway.StartAsync(options, slow, quick);

        (await gateway.ChatAsync()).Dispose();

        var (request, attempts) = Tree(await collector.TakeAsync(3));
        Assert.Equal("2", request["gateway.attempts"]);
        Assert.Equal(["cancelled", "success"], attempts.Select(static one => one["gateway.attempt.outcome"]));
        Assert.Equal(attempts[0].TraceParent, Assert.Single(slow.Seen).Header("traceparent"));
        Assert.Equal(attempts[1].TraceParent, Assert.Single(quick.Seen).Header("traceparent"));
    }

    [Fact]
    public async Task A_stream_that_breaks_is_an_error_of_both()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = async context =>
        {
            await EngineStandIn.StreamAsync(context, "data: {\"n\":1}\n\n");
            await engine.CutAsync(context);
        };
        await using var gateway = await TestGateway.StartAsync(collector.Traced(), engine);
        using var answer = await gateway.ChatAsync(stream: true);
        engine.Cut.Release();
        await answer.Content.ReadAsStringAsync();

        var (request, attempts) = Tree(await collector.TakeAsync(2));
        Assert.Equal(("stream_interrupted", 2), (request["error.type"], request.Status));
        Assert.Equal(("failure", "stream_interrupted", 2), (attempts[0]["gateway.attempt.outcome"], attempts[0]["error.type"], attempts[0].Status));
    }

    [Fact]
    public async Task A_client_that_leaves_is_no_error_of_the_gateways()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = async context =>
        {
            await EngineStandIn.StreamAsync(context, "data: 1\n\n");
            await engine.HangAsync(context);
        };
        await using var gateway = await TestGateway.StartAsync(collector.Traced(), engine);
        (await gateway.ChatAsync(stream: true)).Dispose();

        var (request, attempts) = Tree(await collector.TakeAsync(2));
        Assert.Equal(("client_gone", 0), (request["error.type"], request.Status));
        Assert.Equal("cancelled", Assert.Single(attempts)["gateway.attempt.outcome"]);
    }

    [Fact]
    public async Task What_never_gets_to_an_engine_is_a_span_alone_and_mistakes_are_the_clients()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(collector.Traced(), engine);
        (await gateway.ChatAsync(model: "nobody's")).Dispose();
        (await gateway.Client.GetAsync("/v1/models")).Dispose();
        (await gateway.Client.GetAsync("/health_generate")).Dispose();

        var span = Assert.Single(await collector.TakeAsync(1));
        Assert.Equal(("/v1/chat/completions", "model_not_found", "404", 0), (span.Name, span["error.type"], span["http.response.status_code"], span.Status));
        Assert.Equal("nobody's", span["gen_ai.request.model"]);
    }

    [Fact]
    public async Task The_access_log_names_the_trace()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(collector.Traced(), engine);
        (await gateway.ChatAsync(change: With(Sampled))).Dispose();

        await gateway.Logs.WaitForAsync(static line => line.Contains($" trace={TraceId}", StringComparison.Ordinal));
    }

    private static Action<HttpRequestMessage> With(string parent, string? state = null) => message =>
    {
        message.Headers.TryAddWithoutValidation("traceparent", parent);
        if (state is not null)
            message.Headers.Add("tracestate", state);
    };

    /// <summary>The span of the only request, and those of its attempts in the order in which they began.</summary>
    private static (SeenSpan Request, List<SeenSpan> Attempts) Tree(IReadOnlyList<SeenSpan> spans)
    {
        var request = spans.Single(static span => span.Kind == 2);
        var attempts = spans.Where(static span => span.Kind != 2).OrderBy(static span => span.Start).ToList();
        Assert.All(attempts, attempt => Assert.Equal((request.TraceId, request.Id), (attempt.TraceId, attempt.ParentId)));
        return (request, attempts);
    }
}
