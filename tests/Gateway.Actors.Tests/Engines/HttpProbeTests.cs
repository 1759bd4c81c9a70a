using Gateway.Actors.Engines;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Actors.Tests.Engines;

/// <summary>Probes over real sockets of servers that answer as the engines do.</summary>
public sealed class HttpProbeTests
{
    private static readonly ProbePlan Plan = new("/health", TimeSpan.FromSeconds(10), ApiKey: null, Discover: true);

    [Fact]
    public async Task Sglang_is_known_by_its_model_list_and_its_server_info()
    {
        var result = await ProbeAsync(app =>
        {
            app.MapGet("/health", () => Results.Ok());
            app.MapGet("/v1/models", () => Json("""{"object":"list","data":[{"id":"qwen","owned_by":"sglang","max_model_len":4096}]}"""));
            app.MapGet("/get_server_info", () => Json("""{"version":"0.5.6","dp_size":2,"tp_size":1,"served_model_name":"qwen","internal_states":[]}"""));
        });
        Assert.Equal(ProbeOutcome.Healthy, result.Outcome);
        Assert.Equal((EngineRuntime.SgLang, "0.5.6", 2), (result.Facts.Runtime, result.Facts.EngineVersion, result.Facts.DataParallelSize));
        Assert.Equal(new ModelCard("qwen", MaxModelLength: 4096), Assert.Single(result.Facts.Models));
    }

    [Fact]
    public async Task Vllm_is_known_by_its_version_and_all_its_models_are_listed()
    {
        var result = await ProbeAsync(app =>
        {
            app.MapGet("/health", () => Results.Ok());
            app.MapGet("/v1/models", () => Json("""{"data":[{"id":"base","owned_by":"vllm"},{"id":"lora-a","owned_by":"vllm"}]}"""));
            app.MapGet("/version", () => Json("""{"version":"0.12.0"}"""));
        });
        Assert.Equal((EngineRuntime.Vllm, "0.12.0"), (result.Facts.Runtime, result.Facts.EngineVersion));
        Assert.Equal(["base", "lora-a"], result.Facts.Models.Select(static card => card.Id));
    }

    [Theory]
    [InlineData("""{"dp_size":1,"max_running_requests":64,"internal_states":[]}""", 64)]
    [InlineData("""{"dp_size":1,"max_running_requests":null,"internal_states":[{"max_running_requests":48}]}""", 48)]
    [InlineData("""{"dp_size":2,"max_running_requests":null,"internal_states":[{"max_running_requests":48},{"max_running_requests":50}]}""", 98)]
    [InlineData("""{"dp_size":2,"max_running_requests":64,"internal_states":[{"effective_max_running_requests_per_dp":26},{"effective_max_running_requests_per_dp":26}]}""", 52)]
    [InlineData("""{"dp_size":4,"internal_states":[{"effective_max_running_requests_per_dp":26}]}""", 104)]
    [InlineData("""{"dp_size":2,"max_running_requests":64,"internal_states":[{"effective_max_running_requests_per_dp":26},{}]}""", 64)]
    [InlineData("""{"dp_size":1,"max_running_requests":null,"internal_states":[{"max_running_requests":null}]}""", null)]
    [InlineData("""{"dp_size":1,"max_running_requests":0,"internal_states":[{"max_running_requests":-1}]}""", null)]
    [InlineData("""{"dp_size":1,"max_running_requests":"many","internal_states":7}""", null)]
    [InlineData("""{"dp_size":2147483647,"internal_states":[{"max_running_requests":2147483647}]}""", int.MaxValue)]
    [InlineData("""{"max_running_requests":64}""", null)]
    public async Task Sglang_tells_how_many_requests_it_runs_at_once_over_all_its_ranks(string info, int? most)
    {
        foreach (var path in new[] { "/get_server_info", "/server_info" })
        {
            var result = await ProbeAsync(app =>
            {
                app.MapGet("/health", () => Results.Ok());
                app.MapGet("/v1/models", () => Json("""{"data":[{"id":"qwen","owned_by":"sglang"}]}"""));
                app.MapGet(path, () => Json(info));
            });
            Assert.Equal(most, result.Facts.MaxRunningRequests);
        }
    }

    [Fact]
    public async Task An_sglang_without_a_model_list_is_asked_for_its_model_info()
    {
        var result = await ProbeAsync(app =>
        {
            app.MapGet("/health", () => Results.Ok());
            app.MapGet("/get_model_info", () => Json("""{"model_path":"meta/llama","is_generation":true}"""));
        });
        Assert.Equal("meta/llama", Assert.Single(result.Facts.Models).Id);
    }

    [Fact]
    public async Task Any_other_server_of_the_openai_api_is_external()
    {
        var result = await ProbeAsync(app =>
        {
            app.MapGet("/health", () => "fine");
            app.MapGet("/v1/models", () => Json("""{"data":[{"id":"gpt","owned_by":"somebody"}]}"""));
        });
        Assert.Equal(EngineRuntime.External, result.Facts.Runtime);
    }

    [Fact]
    public async Task A_healthy_engine_that_lists_no_model_yet_has_no_model()
    {
        var result = await ProbeAsync(app =>
        {
            app.MapGet("/health", () => Results.Ok());
            app.MapGet("/v1/models", () => Json("""{"data":[]}"""));
        });
        Assert.Equal(ProbeOutcome.Healthy, result.Outcome);
        Assert.True(result.Facts.Models.IsEmpty);
    }

    [Fact]
    public async Task An_engine_that_is_loading_is_unhealthy()
    {
        var result = await ProbeAsync(app => app.MapGet("/health", () => Results.StatusCode(503)));
        Assert.Equal((ProbeOutcome.Unhealthy, "/health answered 503"), (result.Outcome, result.Reason));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"data":{"id":5}}""")]
    [InlineData("""{"data":[{"id":5},{"id":null},{},7,"x"]}""")]
    public async Task Nonsense_counts_as_nothing_said(string body)
    {
        var result = await ProbeAsync(app =>
        {
            app.MapGet("/health", () => Results.Ok());
            app.MapGet("/v1/models", () => Json(body));
            app.MapGet("/version", () => Json(body));
            app.MapGet("/get_server_info", () => Json(body));
            app.MapGet("/get_model_info", () => Json(body));
        });
        Assert.Equal(ProbeOutcome.Healthy, result.Outcome);
        Assert.True(result.Facts.Models.IsEmpty);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        var result = await ProbeAsync(app =>
        {
            app.MapGet("/health", () => Results.Ok());
            app.MapGet("/v1/models", async (HttpContext context) =>
            {
                var chunk = new byte[64 * 1024];
                while (!context.RequestAborted.IsCancellationRequested)
                    await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            });
        });
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("longer than", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_in_time_is_silence()
    {
        var result = await ProbeAsync(
            app => app.MapGet("/health", (HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted)),
            Plan with { Timeout = TimeSpan.FromMilliseconds(100) });
        Assert.Equal(ProbeOutcome.Silent, result.Outcome);
    }

    [Fact]
    public async Task Nobody_listening_is_unreachable()
    {
        int port;
        await using (var server = await StubServer.StartAsync(static _ => { }))
            port = server.Port;
        using var client = new HttpEngineClient(new Uri($"http://127.0.0.1:{port}/"), TimeSpan.FromSeconds(5));
        var result = await client.ProbeAsync(Plan, CancellationToken.None);
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("refused", result.Reason, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_workers_key_is_sent_as_a_bearer_token()
    {
        var seen = new List<string>();
        await ProbeAsync(
            app => app.Use((context, next) =>
            {
                seen.Add(context.Request.Headers.Authorization.ToString());
                return next(context);
            }),
            Plan with { ApiKey = new Secret("key-1") });
        Assert.NotEmpty(seen);
        Assert.All(seen, static header => Assert.Equal("Bearer key-1", header));
    }

    private static IResult Json(string body) => Results.Content(body, "application/json");

    private static async Task<ProbeResult> ProbeAsync(Action<WebApplication> map, ProbePlan? plan = null)
    {
        await using var server = await StubServer.StartAsync(map);
        using var client = new HttpEngineClient(new Uri($"http://127.0.0.1:{server.Port}/"), TimeSpan.FromSeconds(5));
        return await client.ProbeAsync(plan ?? Plan, CancellationToken.None);
    }
}
