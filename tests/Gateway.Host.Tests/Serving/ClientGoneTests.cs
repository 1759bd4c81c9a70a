using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Serving;

/// <summary>
/// A client closes its socket, in each room of the request path. CancelledAtEveryAwaitTests lets it go at every single wait, but without sockets.
/// </summary>
public sealed class ClientGoneTests
{
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True if the client resets its connection, as one that was killed; false if it closes it properly.</summary>
    public static TheoryData<bool> Ways => [true, false];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_client_that_goes_while_its_body_comes_leaves_nothing_behind(bool resets)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);
        using var client = await SendAsync(gateway, length: 1000);
        await Eventually.HoldsAsync(() => gateway.Gate.InFlight == 1, "its body is being read");

        Close(client, resets);

        // To one that only has nothing more to say, its mistake can still be told.
        await AssertIsForgottenAsync(gateway, resets ? " 499 ClientGone " : " 400 ");
        Assert.Empty(engine.Seen);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_client_that_goes_while_it_waits_for_its_place_leaves_the_queue_and_reaches_no_engine(bool resets)
    {
        await using var engine = await EngineStandIn.StartAsync(async context =>
        {
            await _go.Task;
            await EngineStandIn.AnswerJsonAsync(context, "{}");
        });
        await using var gateway = await TestGateway.StartAsync(new GatewayOptions { Limits = new LimitOptions { MaxConcurrentRequests = 1 } }, engine);
        var running = gateway.ChatAsync();
        await Eventually.HoldsAsync(() => engine.Seen.Count == 1, "the place is taken");
        using var client = await SendAsync(gateway);
        await Eventually.HoldsAsync(() => gateway.Queue.Waiting == 1, "it waits");

        Close(client, resets);

        await Eventually.HoldsAsync(() => gateway.Queue.Waiting == 0, "it waits no more");
        _go.SetResult();
        (await running).Dispose();
        await AssertIsForgottenAsync(gateway, " 499 ClientGone ");
        Assert.Single(engine.Seen);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_client_that_goes_while_the_answer_is_awaited_aborts_the_generation_and_frees_the_worker(bool resets)
    {
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = engine.HangAsync;
        await using var gateway = await TestGateway.StartAsync(null, engine);
        using var client = await SendAsync(gateway);
        await Eventually.HoldsAsync(() => engine.Seen.Count == 1, "the engine works");
        Assert.Equal(1, gateway.Workers[0].Load);

        Close(client, resets);

        await engine.Aborted.Task;
        await AssertIsForgottenAsync(gateway, " 499 ClientGone ");
        Assert.Single(engine.Seen);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_client_that_goes_in_the_middle_of_a_stream_aborts_the_generation_and_frees_the_worker(bool resets)
    {
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = async context =>
        {
            await EngineStandIn.StreamAsync(context, "data: 1\n\n");
            await engine.HangAsync(context);
        };
        await using var gateway = await TestGateway.StartAsync(null, engine);
        using var client = await SendAsync(gateway);
        Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[1]));
        Assert.Equal(1, gateway.Workers[0].Load);

        Close(client, resets);

        await engine.Aborted.Task;
        await AssertIsForgottenAsync(gateway, " 499 ClientGone ");
        Assert.Single(engine.Seen);
    }

    [Fact]
    public async Task A_client_that_goes_when_it_was_too_slow_to_read_aborts_the_generation_and_frees_the_worker()
    {
        var sent = 0;
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = async context =>
        {
            var piece = $"data: {new string('x', 100_000)}\n\n";
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await EngineStandIn.StreamAsync(context, piece);
                Interlocked.Increment(ref sent);
            }

            engine.Aborted.TrySetResult();
        };
        await using var gateway = await TestGateway.StartAsync(null, engine);
        using var client = await SendAsync(gateway);
        await Eventually.HoldsAsync(() => sent > 0, "the engine sends");
        // All buffers between the engine and the client are full when the engine does not get on any more.
        for (var before = -1; before != sent; await Task.Delay(200))
            before = sent;

        Close(client, resets: true);

        await engine.Aborted.Task;
        await AssertIsForgottenAsync(gateway, " 499 ClientGone ");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_client_that_goes_in_the_pause_before_another_attempt_gets_no_other(bool resets)
    {
        await using var engine = await EngineStandIn.StartAsync(static context =>
        {
            context.Response.Headers.RetryAfter = "25";
            return EngineStandIn.AnswerJsonAsync(context, "{}", 503);
        });
        await using var gateway = await TestGateway.StartAsync(null, engine);
        using var client = await SendAsync(gateway);
        await Eventually.HoldsAsync(() => engine.Seen.Count == 1 && gateway.Workers[0].Load == 0, "it pauses");

        Close(client, resets);

        await AssertIsForgottenAsync(gateway, " 499 ClientGone ");
        Assert.Single(engine.Seen);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_client_that_goes_while_two_attempts_race_aborts_both(bool resets)
    {
        await using var one = await EngineStandIn.StartAsync();
        one.Behaviour = one.HangAsync;
        await using var two = await EngineStandIn.StartAsync();
        two.Behaviour = two.HangAsync;
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Retry = new RetryOptions { HedgeAfter = TimeSpan.FromMilliseconds(20) } }, one, two);
        using var client = await SendAsync(gateway, stream: false);
        await Eventually.HoldsAsync(() => one.Seen.Count + two.Seen.Count == 2, "both are asked");

        Close(client, resets);

        await Task.WhenAll(one.Aborted.Task, two.Aborted.Task);
        await AssertIsForgottenAsync(gateway, " 499 ClientGone ");
    }

    /// <param name="gateway">To whom.</param>
    /// <param name="stream">Whether it wants a stream.</param>
    /// <param name="length">Bytes of body that it announces; null for as many as it sends.</param>
    private static async Task<TcpClient> SendAsync(TestGateway gateway, bool stream = true, int? length = null)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        var body = TestGateway.ChatBody(stream);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nx-request-id: mine\r\nContent-Length: {length ?? body.Length}\r\n\r\n{body}"));
        return client;
    }

    private static void Close(TcpClient client, bool resets)
    {
        if (resets)
            client.Client.Close(0);
        else
            client.Client.Shutdown(SocketShutdown.Both);
    }

    /// <summary>One line in the access log, and no trace of it anywhere else: nothing counted, and no bad word about a worker.</summary>
    private static async Task AssertIsForgottenAsync(TestGateway gateway, string ending)
    {
        await gateway.AssertNothingInFlightAsync();
        var line = await gateway.Logs.WaitForAsync(static line => IsOfOurs(line));
        Assert.Contains(ending, line, StringComparison.Ordinal);
        Assert.Single(gateway.Logs.Lines, static line => IsOfOurs(line));
        Assert.All(gateway.Workers, static worker => Assert.Equal(
            (0, 0L, false), (worker.Breaker.ConsecutiveFailures, worker.PendingPromptBytes, worker.ConsumeSuspicion())));
    }

    private static bool IsOfOurs(string line) =>
        line.Contains("AccessLog", StringComparison.Ordinal) && line.Contains(" id=mine ", StringComparison.Ordinal);
}
