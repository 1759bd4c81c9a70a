using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Observability;

public sealed class RequestMetricsTests
{
    private const string Chat = "endpoint=/v1/chat/completions";
    private const string Model = $"model={TestGateway.Model}";
    private static readonly GatewayOptions Measured = new() { Metrics = new MetricsOptions { Port = 0, Host = "127.0.0.1" } };

    [Fact]
    public async Task Requests_are_counted_by_endpoint_model_and_end()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Measured, engine);
        for (var i = 0; i < 3; i++)
            (await gateway.ChatAsync()).Dispose();
        (await gateway.ChatAsync(model: TestGateway.Alias)).Dispose();
        (await gateway.ChatAsync(model: "nobody's")).Dispose();

        var scrape = await AfterAsync(gateway, 5);

        Assert.Equal(4, scrape.Sum("gateway_requests_total", Chat, Model, "status=2xx", "stream=false"));
        Assert.Equal(1, scrape.Sum("gateway_requests_total", Chat, "model=other", "status=4xx"));
        Assert.Equal(1, scrape.Sum("gateway_errors_total", Chat, "error_type=model_not_found"));
        Assert.Equal(4, scrape.Sum("gen_ai_server_request_duration_seconds_count", $"gen_ai_request_model={TestGateway.Model}", "gen_ai_operation_name=chat"));
        Assert.Equal(4, scrape.Sum("gateway_overhead_seconds_count", Chat, Model));
        Assert.Equal(0, scrape.Sum("gen_ai_server_time_to_first_token_seconds_count"));
        Assert.Equal(0, scrape.Sum("gateway_requests_active"));
        Assert.Equal(4, scrape.Sum("gateway_policy_decisions_total", "policy=round_robin", "result=taken"));
        Assert.Equal(4, scrape.Sum("gateway_worker_attempts_total", "outcome=success"));
    }

    [Fact]
    public async Task Requests_and_tokens_are_counted_by_tenant_and_nobodys_are_not()
    {
        await using var engine = await EngineStandIn.StartAsync(static context => EngineStandIn.AnswerJsonAsync(
            context, """{"usage":{"prompt_tokens":20,"completion_tokens":7}}"""));
        var options = Measured with
        {
            Tenants = [new TenantOptions { Name = "a", ApiKey = new Secret("key-a") }, new TenantOptions { Name = "b", ApiKey = new Secret("key-b") }],
        };
        await using var gateway = await TestGateway.StartAsync(options, engine);
        foreach (var key in (string[])["key-a", "key-a", "key-b", "wrong"])
            (await gateway.ChatAsync(change: message => message.Headers.Add("x-api-key", key))).Dispose();
        (await gateway.ChatAsync(model: "nobody's", change: static message => message.Headers.Add("x-api-key", "key-b"))).Dispose();

        var scrape = await AfterAsync(gateway, 5);

        Assert.Equal(2, scrape.Sum("gateway_tenant_requests_total", "tenant=a", "status=2xx"));
        Assert.Equal(1, scrape.Sum("gateway_tenant_requests_total", "tenant=b", "status=2xx"));
        Assert.Equal(1, scrape.Sum("gateway_tenant_requests_total", "tenant=b", "status=4xx"));
        Assert.Equal(4, scrape.Sum("gateway_tenant_requests_total"));
        Assert.Equal(40, scrape.Sum("gateway_tenant_tokens_total", "tenant=a", "type=input"));
        Assert.Equal(7, scrape.Sum("gateway_tenant_tokens_total", "tenant=b", "type=output"));
        Assert.Equal(3, scrape.Sum("gateway_admissions_total", "priority=default", "result=at_once"));
        Assert.Equal(3, scrape.Sum("gateway_admissions_total"));
    }

    [Fact]
    public async Task The_compatibility_names_tell_answers_by_status_and_those_of_engines_too()
    {
        await using var bad = await EngineStandIn.StartAsync(static context => EngineStandIn.AnswerJsonAsync(context, "{}", 500));
        await using var good = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Measured with { Metrics = Measured.Metrics with { Names = MetricNames.Both } }, bad, good);
        (await gateway.ChatAsync()).Dispose();
        (await gateway.ChatAsync(model: "nobody's")).Dispose();

        var scrape = await AfterAsync(gateway, 2);

        Assert.Equal(1, scrape.Sum("smg_http_responses_total", "path=/v1/chat/completions", "status_code=200"));
        Assert.Equal(1, scrape.Sum("smg_http_responses_total", "status_code=404", "error_code=model_not_found"));
        Assert.Equal(1, scrape.Sum("smg_router_upstream_responses_total", "status_code=500"));
        Assert.Equal(1, scrape.Sum("smg_router_upstream_responses_total", "status_code=200"));
        Assert.Equal(2, scrape.Sum("smg_http_request_duration_seconds_count", "path=/v1/chat/completions"));
        Assert.Equal(1, scrape.Sum("smg_scheduler_admit_total", "class=default", "outcome=at_once"));
    }

    [Fact]
    public async Task A_whole_answer_tells_its_tokens()
    {
        await using var engine = await EngineStandIn.StartAsync(static context => EngineStandIn.AnswerJsonAsync(
            context,
            """{"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":7,"total_tokens":27,"prompt_tokens_details":{"cached_tokens":16},"completion_tokens_details":{"reasoning_tokens":3}}}"""));
        await using var gateway = await TestGateway.StartAsync(Measured, engine);
        (await gateway.ChatAsync()).Dispose();
        (await gateway.ChatAsync()).Dispose();

        var scrape = await AfterAsync(gateway, 2);

        Assert.Equal(40, scrape.Sum("gateway_tokens_total", Chat, Model, "type=input"));
        Assert.Equal(14, scrape.Sum("gateway_tokens_total", Chat, Model, "type=output"));
        Assert.Equal(32, scrape.Sum("gateway_tokens_total", Chat, Model, "type=cached"));
        Assert.Equal(6, scrape.Sum("gateway_tokens_total", Chat, Model, "type=reasoning"));
        Assert.Equal(40, scrape.Sum("gen_ai_client_token_usage_sum", "gen_ai_token_type=input"));
        Assert.Equal(2, scrape.Sum("gen_ai_client_token_usage_count", "gen_ai_token_type=output"));
    }

    [Fact]
    public async Task A_stream_tells_when_it_began_and_how_fast_it_was()
    {
        using var next = new SemaphoreSlim(0);
        await using var engine = await EngineStandIn.StartAsync(async context =>
        {
            await EngineStandIn.StreamAsync(context, "data: {\"choices\":[1]}\n\n");
            await next.WaitAsync();
            await EngineStandIn.StreamAsync(
                context, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":3,\"total_tokens\":8}}\n\ndata: [DONE]\n\n");
        });
        await using var gateway = await TestGateway.StartAsync(Measured, engine);
        using var response = await gateway.ChatAsync(stream: true);
        Assert.Equal(1, (await Scrape.OfAsync(gateway)).Sum("gateway_requests_active", Chat, Model));
        next.Release();
        await response.Content.ReadAsStringAsync();

        var scrape = await AfterAsync(gateway, 1);

        Assert.Equal(1, scrape.Sum("gateway_requests_total", Chat, Model, "status=2xx", "stream=true"));
        Assert.Equal(1, scrape.Sum("gen_ai_server_time_to_first_token_seconds_count"));
        Assert.Equal(1, scrape.Sum("gen_ai_server_time_per_output_token_seconds_count"));
        Assert.True(scrape.Sum("gen_ai_client_operation_time_per_output_chunk_seconds_count") >= 1);
        Assert.Equal(3, scrape.Sum("gateway_tokens_total", "type=output"));
        Assert.Equal(0, scrape.Sum("gateway_requests_active"));
    }

    [Fact]
    public async Task A_client_that_goes_away_is_counted_and_leaves_nothing_in_flight()
    {
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = async context =>
        {
            await EngineStandIn.StreamAsync(context, "data: 1\n\n");
            await engine.HangAsync(context);
        };
        await using var gateway = await TestGateway.StartAsync(Measured, engine);
        using (await gateway.ChatAsync(stream: true))
        {
        }

        var scrape = await AfterAsync(gateway, 1);

        Assert.Equal(1, scrape.Sum("gateway_requests_total", "status=client_gone"));
        Assert.Equal(0, scrape.Sum("gateway_requests_active"));
        Assert.Equal(0, scrape.Sum("gateway_requests_running"));
        Assert.Equal(0, scrape.Sum("gateway_requests_inside"));
        Assert.Equal(0, scrape.Sum("gateway_worker_requests_active"));
        Assert.Equal(1, scrape.Sum("gateway_worker_attempts_total", "outcome=cancelled"));
    }

    [Fact]
    public async Task A_stream_that_breaks_is_no_success()
    {
        await using var engine = await EngineStandIn.StartAsync(static async context =>
        {
            await EngineStandIn.StreamAsync(context, "data: 1\n\n");
        });
        await using var gateway = await TestGateway.StartAsync(Measured, engine);
        using (var response = await gateway.ChatAsync(stream: true))
            await response.Content.ReadAsStringAsync();

        var scrape = await AfterAsync(gateway, 1);

        Assert.Equal(1, scrape.Sum("gateway_requests_total", "status=interrupted"));
        Assert.Equal(0, scrape.Sum("gateway_requests_total", "status=2xx"));
        Assert.Equal(1, scrape.Sum("gateway_errors_total", "error_type=stream_interrupted"));
    }

    [Fact]
    public async Task Attempts_after_the_first_are_counted_as_retries()
    {
        await using var bad = await EngineStandIn.StartAsync(static context => EngineStandIn.AnswerJsonAsync(context, "{}", 500));
        await using var good = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Measured, bad, good);
        (await gateway.ChatAsync()).Dispose();
        (await gateway.ChatAsync()).Dispose();

        var scrape = await AfterAsync(gateway, 2);

        var failures = scrape.Sum("gateway_worker_attempts_total", $"worker={bad.Url}", "outcome=failure");
        Assert.True(failures >= 1);
        Assert.Equal(failures, scrape.Sum("gateway_retries_total", Chat, Model));
        Assert.Equal(failures, scrape.Sum("gateway_retry_budget_used"));
        Assert.Equal(0, scrape.Sum("gateway_retries_exhausted_total"));
    }

    [Fact]
    public async Task Who_waits_for_a_place_is_in_the_queue_and_its_wait_is_measured()
    {
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = async context =>
        {
            await engine.Cut.WaitAsync();
            await EngineStandIn.AnswerJsonAsync(context, "{}");
        };
        await using var gateway = await TestGateway.StartAsync(Measured with { Limits = new LimitOptions { MaxConcurrentRequests = 1 } }, engine);
        var first = gateway.ChatAsync();
        await Eventually.HoldsAsync(() => !engine.Seen.IsEmpty, "the first is at the engine");
        var second = gateway.ChatAsync();
        await Eventually.HoldsAsync(() => gateway.Queue.Waiting == 1, "the second waits");

        var full = await Scrape.OfAsync(gateway);
        Assert.Equal(1, full.Sum("gateway_queue_depth"));
        Assert.Equal(1, full.Sum("gateway_requests_running"));
        Assert.Equal(1, full.Sum("gateway_requests_limit"));
        Assert.Equal(2, full.Sum("gateway_requests_inside"));

        engine.Cut.Release(2);
        (await first).Dispose();
        (await second).Dispose();
        var scrape = await AfterAsync(gateway, 2);
        Assert.Equal(0, scrape.Sum("gateway_queue_depth"));
        Assert.Equal(1, scrape.Sum("gateway_queue_wait_seconds_count", Chat, Model));
    }

    [Fact]
    public async Task Paths_that_nobody_serves_make_no_series_of_their_own()
    {
        await using var gateway = await TestGateway.StartAsync(Measured);
        for (var i = 0; i < 3; i++)
            (await gateway.Client.GetAsync($"/nothing/{i}")).Dispose();
        (await gateway.Client.GetAsync("/v1/models/some")).Dispose();

        var scrape = await AfterAsync(gateway, 4);

        Assert.Equal(3, scrape.Sum("gateway_requests_total", "endpoint=other", "status=4xx"));
        Assert.Equal(1, scrape.Sum("gateway_requests_total", "endpoint=/v1/models/{**id}"));
    }

    [Fact]
    public async Task Clients_cannot_read_the_metrics()
    {
        await using var gateway = await TestGateway.StartAsync(Measured);

        using var response = await gateway.Client.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Without_a_port_there_is_no_listener()
    {
        await using var gateway = await TestGateway.StartAsync();

        Assert.Null(gateway.Export.Address);
    }

    [Fact]
    public async Task Two_gateways_in_one_process_count_for_themselves()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var one = await TestGateway.StartAsync(Measured, engine);
        await using var other = await TestGateway.StartAsync(Measured, engine);
        (await one.ChatAsync()).Dispose();

        Assert.Equal(1, (await AfterAsync(one, 1)).Sum("gen_ai_server_request_duration_seconds_count"));
        Assert.Equal(0, (await Scrape.OfAsync(other)).Sum("gen_ai_server_request_duration_seconds_count"));
    }

    /// <summary>A client has its answer a moment before the request has ended.</summary>
    private static Task<Scrape> AfterAsync(TestGateway gateway, int requests) =>
        Scrape.WhenAsync(gateway, scrape => scrape.Sum("gateway_requests_total") >= requests);
}
