using System.Net;
using Gateway.Host.Admission;
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
    public async Task A_request_that_has_waited_goes_to_a_worker_that_is_there_when_it_goes_and_not_when_it_came()
    {
        await using var gateway = await StartAsync(new LimitOptions { MaxConcurrentRequests = 1 });
        await using var newcomer = await EngineStandIn.StartAsync();
        var first = gateway.ChatAsync();
        await _reached.Task;
        var second = gateway.ChatAsync();
        await Eventually.HoldsAsync(() => gateway.Queue.Waiting == 1, "the second one waits");

        // The worker that is out of routing would still take it.
        gateway.Publish([gateway.Add(newcomer.Url)]);
        _go.SetResult();

        using var one = await first;
        using var two = await second;
        Assert.Equal(HttpStatusCode.OK, two.StatusCode);
        Assert.Single(newcomer.Seen);
        Assert.Single(_engine!.Seen);
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
    public async Task Engines_are_reached_by_priority_and_whom_a_full_queue_pushes_out_reaches_none()
    {
        await using var gateway = await StartAsync(
            new LimitOptions { MaxConcurrentRequests = 1, QueueSize = 4, MaxPriority = RequestPriority.Interactive });
        var running = gateway.ChatAsync();
        await _reached.Task;
        var requests = new Dictionary<string, Task<HttpResponseMessage>>();
        foreach (var name in (string[])["bulk-1", "bulk-2", "default-1", "default-2"])
            await ComeAsync(name);

        var pushedOut = requests["bulk-2"];
        await ComeAsync("interactive-1", leaving: pushedOut);
        using var tooLate = await AskAsync("bulk-3");
        _go.SetResult();

        await ApiAssert.ErrorAsync(await pushedOut, 429, "queue_full");
        await ApiAssert.ErrorAsync(tooLate, 429, "queue_full");
        (await running).Dispose();
        foreach (var request in requests.Values)
            (await request).Dispose();
        Assert.Equal(
            ["interactive-1", "default-1", "default-2", "bulk-1"],
            _engine!.Seen.Skip(1).Select(static seen => seen.Header("x-request-id")));

        Task<HttpResponseMessage> AskAsync(string name) => gateway.ChatAsync(change: message =>
        {
            message.Headers.Add("x-request-id", name);
            message.Headers.Add(PriorityHeader.Name, name.Split('-')[0]);
        });

        // Waits until it has its place in the queue: the next one is to come after it.
        async Task ComeAsync(string name, Task? leaving = null)
        {
            var before = gateway.Queue.Waiting;
            requests[name] = AskAsync(name);
            await Eventually.HoldsAsync(() => leaving?.IsCompleted ?? gateway.Queue.Waiting == before + 1, $"{name} waits");
        }
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
