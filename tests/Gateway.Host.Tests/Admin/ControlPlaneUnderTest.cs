using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.Admin;

/// <summary>A whole gateway on a real socket, and all it ever answered.</summary>
internal sealed class ControlPlaneUnderTest : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private readonly ConcurrentQueue<string> _answers = new();

    private ControlPlaneUnderTest(WebApplication app)
    {
        _app = app;
        _client = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
    }

    /// <summary>Every header and body so far.</summary>
    public IEnumerable<string> Answers => _answers;

    public HttpRequestHeaders Headers => _client.DefaultRequestHeaders;

    public static async Task<ControlPlaneUnderTest> StartAsync(SecurityOptions? security = null, FleetOptions? fleet = null)
    {
        var app = GatewayApplication.Create(new GatewayOptions
        {
            Listen = new ListenOptions { Host = "127.0.0.1", Port = 0 },
            Log = new LogOptions { Level = "error" },
            Security = security ?? new SecurityOptions(),
            Fleet = fleet ?? new FleetOptions(),
        });
        await app.StartAsync();
        return new ControlPlaneUnderTest(app);
    }

    public async Task<Answer> SendAsync(string method, string path, string? json = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        // Events do not end.
        var body = response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync();
        _answers.Enqueue($"{response.Headers} {body}");
        JsonElement? parsed = body.StartsWith('{') ? JsonSerializer.Deserialize<JsonElement>(body) : null;
        return new Answer(response.StatusCode, parsed ?? default, response.Headers.Location?.ToString(), response.Headers.ETag?.ToString());
    }

    /// <summary>Registers a worker and returns its id.</summary>
    public async Task<string> RegisterAsync(string json)
    {
        var answer = await SendAsync("POST", "/workers", json);
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        return answer.Text("worker_id");
    }

    public async Task<Answer> UntilAsync(string path, Func<Answer, bool> reached)
    {
        using var patience = new CancellationTokenSource(Eventually.Limit);
        while (true)
        {
            var answer = await SendAsync("GET", path);
            if (reached(answer))
                return answer;
            await Task.Delay(20, patience.Token);
        }
    }

    public Task<Answer> UntilReadyAsync(string id) => UntilAsync($"/workers/{id}", static answer => answer.Text("status") == "ready");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Behaves as SGLang does towards a gateway.</summary>
    public static Task SgLangAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/health" => Task.CompletedTask,
        "/v1/models" => EngineStandIn.AnswerJsonAsync(context, """{"data": [{"id": "m", "owned_by": "sglang", "max_model_len": 4096}]}"""),
        "/v1/loads" => EngineStandIn.AnswerJsonAsync(context, """{"loads": [{"dp_rank": 0, "num_used_tokens": 30, "secret_detail": 1}, {"dp_rank": 1, "num_used_tokens": 12}]}"""),
        "/flush_cache" => Task.CompletedTask,
        _ => EngineStandIn.AnswerJsonAsync(context, "{}", 404),
    };

    /// <summary>Behaves as vLLM does towards a gateway; cannot flush its cache.</summary>
    public static Task VllmAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/health" => Task.CompletedTask,
        "/v1/models" => EngineStandIn.AnswerJsonAsync(context, """{"data": [{"id": "v", "owned_by": "vllm"}]}"""),
        "/version" => EngineStandIn.AnswerJsonAsync(context, """{"version": "0.9"}"""),
        "/metrics" => context.Response.WriteAsync("""
            # HELP vllm:num_requests_running Number of requests.
            vllm:num_requests_running{model_name="v"} 3.0
            vllm:num_requests_waiting{model_name="v"} 2.0
            vllm:kv_cache_usage_perc{model_name="v"} 0.25
            vllm:cache_config_info{block_size="16",num_gpu_blocks="100"} 1.0
            """),
        _ => EngineStandIn.AnswerJsonAsync(context, "{}", 404),
    };
}

/// <summary>What the control plane answered.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Body, string? Location, string? ETag)
{
    public string Text(string name) => Body.GetProperty(name).GetString()!;

    public JsonElement this[string name] => Body.GetProperty(name);
}
