using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Admission;

public class AdmissionTests
{
    private static readonly GatewayOptions Keyed = new() { Security = new SecurityOptions { ApiKey = new Secret("sécret") } };

    [Fact]
    public async Task A_request_over_the_cap_that_cannot_wait_is_told_to_come_back()
    {
        await using var engine = await EngineStandIn.StartAsync();
        var reached = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        engine.Behaviour = async context =>
        {
            reached.TrySetResult();
            await go.Task;
            await EngineStandIn.AnswerJsonAsync(context, "{}");
        };
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Limits = new LimitOptions { MaxConcurrentRequests = 1, QueueSize = 0 } }, engine);

        var first = gateway.ChatAsync();
        await reached.Task;
        using var refused = await gateway.ChatAsync();
        go.SetResult();
        using var served = await first;
        await gateway.AssertNothingInFlightAsync();
        using var next = await gateway.ChatAsync();

        await ApiAssert.ErrorAsync(refused, 429, "queue_full");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "secret")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Basic c2VjcmV0")]
    [InlineData("x-api-key", "secre")]
    [InlineData("x-api-key", "")]
    public async Task A_wrong_key_is_refused(string? header, string? value)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Security = new SecurityOptions { ApiKey = new Secret("secret") } }, engine);

        using var response = await gateway.ChatAsync(change: message =>
        {
            if (header is not null)
                message.Headers.TryAddWithoutValidation(header, value);
        });

        await ApiAssert.ErrorAsync(response, 401, "invalid_api_key");
        Assert.Empty(engine.Seen);
    }

    [Theory]
    [InlineData("Authorization", "Bearer secret")]
    [InlineData("authorization", "bearer  secret ")]
    [InlineData("X-API-Key", "secret")]
    public async Task The_right_key_is_admitted_in_either_header(string header, string value)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Security = new SecurityOptions { ApiKey = new Secret("secret") } }, engine);

        using var response = await gateway.ChatAsync(change: message => message.Headers.TryAddWithoutValidation(header, value));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/v1/models", 401)]
    [InlineData("/v1/models/x", 401)]
    [InlineData("/get_server_info", 401)]
    [InlineData("/health", 200)]
    [InlineData("/liveness", 200)]
    [InlineData("/readiness", 200)]
    [InlineData("/health_generate", 200)]
    public async Task Only_probes_need_no_key(string path, int status)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Keyed, engine);

        using var response = await gateway.Client.GetAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task While_draining_running_streams_finish_and_new_requests_are_refused()
    {
        var go = new TaskCompletionSource();
        await using var engine = await EngineStandIn.StartAsync(async context =>
        {
            await EngineStandIn.StreamAsync(context, "data: 1\n\n");
            await go.Task;
            await EngineStandIn.StreamAsync(context, "data: [DONE]\n\n");
        });
        await using var gateway = await TestGateway.StartAsync(null, engine);
        using var running = await gateway.ChatAsync(stream: true);

        var stopped = gateway.StopAsync();
        using var refused = await gateway.ChatAsync();
        using var readiness = await gateway.Client.GetAsync("/readiness");
        using var liveness = await gateway.Client.GetAsync("/liveness");
        Assert.False(stopped.IsCompleted);
        go.SetResult();

        Assert.Equal("data: 1\n\ndata: [DONE]\n\n", await running.Content.ReadAsStringAsync());
        await stopped;
        await ApiAssert.ErrorAsync(refused, 503, "gateway_draining");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, readiness.StatusCode);
        Assert.Contains("draining", await readiness.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, liveness.StatusCode);
    }

    [Fact]
    public async Task After_the_grace_a_stream_ends_with_an_error_event()
    {
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = async context =>
        {
            await EngineStandIn.StreamAsync(context, "data: 1\n\n");
            await engine.HangAsync(context);
        };
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Timeouts = new TimeoutOptions { ShutdownGrace = TimeSpan.FromMilliseconds(100) } }, engine);
        using var running = await gateway.ChatAsync(stream: true);

        var stopped = gateway.StopAsync();
        var text = await running.Content.ReadAsStringAsync();
        await stopped;
        await engine.Aborted.Task;

        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        ApiAssert.ErrorObject(text[(text.LastIndexOf("data: ", StringComparison.Ordinal) + 6)..], "gateway_draining");
        Assert.Equal(0, gateway.Workers[0].Breaker.ConsecutiveFailures);
    }
}
