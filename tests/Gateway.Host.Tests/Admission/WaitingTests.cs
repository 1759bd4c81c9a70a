using System.Net;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Admission;

/// <summary>The queue as clients meet it.</summary>
public sealed class WaitingTests : IAsyncDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EngineStandIn? _engine;

    [Fact]
    public async Task A_request_over_the_cap_is_served_when_the_one_before_it_has_ended()
    {
        await using var gateway = await StartAsync(new LimitOptions { MaxConcurrentRequests = 1 });
        var first = gateway.ChatAsync();
        await _reached.Task;
        var second = gateway.ChatAsync();
        await Eventually.HoldsAsync(() => gateway.Queue.Waiting == 1, "the second one waits");
        Assert.Single(_engine!.Seen);

        _go.SetResult();

        using var one = await first;
        using var two = await second;
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (one.StatusCode, two.StatusCode));
    }

    [Fact]
    public async Task A_request_that_has_waited_too_long_gets_429()
    {
        await using var gateway = await StartAsync(new LimitOptions { MaxConcurrentRequests = 1, QueueTimeout = TimeSpan.FromMilliseconds(50) });
        var first = gateway.ChatAsync();
        await _reached.Task;

        using var late = await gateway.ChatAsync();

        await ApiAssert.ErrorAsync(late, 429, "queue_timeout");
        Assert.NotNull(late.Headers.RetryAfter);
        _go.SetResult();
        (await first).Dispose();
    }

    [Fact]
    public async Task A_client_that_goes_while_it_waits_leaves_the_queue_and_reaches_no_engine()
    {
        await using var gateway = await StartAsync(new LimitOptions { MaxConcurrentRequests = 1 });
        var first = gateway.ChatAsync();
        await _reached.Task;
        using var client = new CancellationTokenSource();
        using var message = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(TestGateway.ChatBody()) };
        var second = gateway.Client.SendAsync(message, client.Token);
        await Eventually.HoldsAsync(() => gateway.Queue.Waiting == 1, "the second one waits");

        await client.CancelAsync();

        await Eventually.HoldsAsync(() => gateway.Queue.Waiting == 0, "it waits no more");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await gateway.Logs.WaitForAsync(static line => line.Contains(" 499 ClientGone ", StringComparison.Ordinal));
        _go.SetResult();
        (await first).Dispose();
        Assert.Single(_engine!.Seen);
    }

    [Fact]
    public async Task A_drain_refuses_those_who_wait_at_once()
    {
        await using var gateway = await StartAsync(new LimitOptions { MaxConcurrentRequests = 1 });
        var first = gateway.ChatAsync();
        await _reached.Task;
        var second = gateway.ChatAsync();
        await Eventually.HoldsAsync(() => gateway.Queue.Waiting == 1, "the second one waits");

        var stopped = gateway.StopAsync();

        using var refused = await second;
        await ApiAssert.ErrorAsync(refused, 503, "gateway_draining");
        _go.SetResult();
        (await first).Dispose();
        await stopped;
    }

    [Fact]
    public async Task A_health_check_waits_behind_nobody()
    {
        await using var gateway = await StartAsync(new LimitOptions { MaxConcurrentRequests = 1, QueueSize = 2 });
        var running = gateway.ChatAsync();
        await _reached.Task;
        Task<HttpResponseMessage>[] waiting = [gateway.ChatAsync(), gateway.ChatAsync()];
        await Eventually.HoldsAsync(() => gateway.Queue.Waiting == 2, "both wait");

        var health = gateway.Client.GetAsync("/health_generate");
        await Task.WhenAny(waiting);
        _go.SetResult();

        using var checkedHealth = await health;
        Assert.Equal(HttpStatusCode.OK, checkedHealth.StatusCode);
        Assert.Equal("/health_generate", _engine!.Seen.ElementAt(1).Target);
        (await running).Dispose();
        foreach (var request in waiting)
            (await request).Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    private async Task<TestGateway> StartAsync(LimitOptions limits)
    {
        _engine = await EngineStandIn.StartAsync(async context =>
        {
            _reached.TrySetResult();
            await _go.Task;
            await EngineStandIn.AnswerJsonAsync(context, "{}");
        });
        return await TestGateway.StartAsync(new GatewayOptions { Limits = limits }, _engine);
    }
}
