using System.Net;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Serving;

public class RetryTests
{
    [Fact]
    public async Task A_refused_connection_costs_no_client_an_error_while_another_worker_lives()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync();
        var dead = gateway.Add(TestGateway.RefusingUrl());
        gateway.Add(engine.Url);

        for (var i = 0; i < 6; i++)
        {
            using var response = await gateway.ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(6, engine.Seen.Count);
        Assert.NotEqual(0, dead.Breaker.ConsecutiveFailures);
        Assert.True(dead.ConsumeSuspicion());
    }

    public static TheoryData<string> WaysToBreakBeforeTheFirstByte => ["reset", "headers only", "empty stream", "json headers only"];

    [Theory]
    [MemberData(nameof(WaysToBreakBeforeTheFirstByte))]
    public async Task A_worker_that_breaks_before_the_first_byte_is_replaced_by_another(string way)
    {
        await using var broken = await EngineStandIn.StartAsync(async context =>
        {
            if (way == "reset")
            {
                context.Abort();
                return;
            }

            context.Response.ContentType = way == "json headers only" ? "application/json" : "text/event-stream";
            context.Response.Headers["x-broken"] = "1";
            if (way == "json headers only")
                context.Response.ContentLength = 10;
            await context.Response.StartAsync();
            await context.Response.Body.FlushAsync();
            if (way != "empty stream")
                context.Abort();
        });
        await using var good = await EngineStandIn.StartAsync(context =>
            EngineStandIn.StreamAsync(context, "data: 1\n\n", "data: [DONE]\n\n"));
        await using var gateway = await TestGateway.StartAsync(null, broken, good);

        for (var i = 0; i < 2; i++)
        {
            using var response = await gateway.ChatAsync(stream: true);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("data: 1\n\ndata: [DONE]\n\n", await response.Content.ReadAsStringAsync());
            Assert.False(response.Headers.Contains("x-broken"));
        }

        Assert.NotEmpty(broken.Seen);
        Assert.Equal(2, good.Seen.Count);
    }

    [Fact]
    public async Task A_stream_that_breaks_within_its_first_event_is_tried_on_another_worker()
    {
        await using var torn = await EngineStandIn.StartAsync(static async context =>
        {
            await EngineStandIn.StreamAsync(context, "data: {\"hal");
            context.Abort();
        });
        await using var whole = await EngineStandIn.StartAsync(static context => EngineStandIn.StreamAsync(context, "data: 1\n\ndata: [DONE]\n\n"));
        await using var gateway = await TestGateway.StartAsync(null, torn, whole);

        for (var i = 0; i < 4; i++)
        {
            using var response = await gateway.ChatAsync(stream: true);
            Assert.Equal("data: 1\n\ndata: [DONE]\n\n", await response.Content.ReadAsStringAsync());
        }

        Assert.NotEmpty(torn.Seen);
    }

    [Fact]
    public async Task Nothing_is_tried_again_after_the_first_byte()
    {
        RequestDelegate end = context => EngineStandIn.StreamAsync(context, "data: 1\n\n");
        await using var one = await EngineStandIn.StartAsync(end);
        await using var two = await EngineStandIn.StartAsync(end);
        await using var gateway = await TestGateway.StartAsync(null, one, two);

        using var response = await gateway.ChatAsync(stream: true);
        await response.Content.ReadAsStringAsync();

        Assert.Equal(1, one.Seen.Count + two.Seen.Count);
    }

    [Fact]
    public async Task Each_worker_is_tried_once_and_then_the_client_is_told()
    {
        await using var gateway = await TestGateway.StartAsync();
        for (var i = 0; i < 3; i++)
            gateway.Add(TestGateway.RefusingUrl());

        using var response = await gateway.ChatAsync();

        await ApiAssert.ErrorAsync(response, 502, "upstream_unreachable");
        await gateway.AssertNothingInFlightAsync();
        Assert.All(gateway.Workers, worker => Assert.Equal(1, worker.Breaker.ConsecutiveFailures));
    }

    [Theory]
    [InlineData(2, false, 2)]
    [InlineData(5, true, 1)]
    public async Task No_more_attempts_are_made_than_allowed(int mostAttempts, bool disabled, int attempts)
    {
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Retry = new RetryOptions { MaxAttempts = mostAttempts, Disabled = disabled } });
        for (var i = 0; i < 4; i++)
            gateway.Add(TestGateway.RefusingUrl());

        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(attempts, gateway.Workers.Sum(worker => worker.Breaker.ConsecutiveFailures));
    }

    [Fact]
    public async Task A_worker_that_does_not_begin_to_answer_in_time_is_not_asked_twice()
    {
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = engine.HangAsync;
        var time = new ManualTime();
        await using var gateway = await TestGateway.StartAsync(
            time, new GatewayOptions { Timeouts = new TimeoutOptions { FirstByte = TimeSpan.FromSeconds(1) } }, engine);
        await using var other = await EngineStandIn.StartAsync();
        other.Behaviour = other.HangAsync;
        gateway.Add(other.Url);

        var asking = gateway.ChatAsync();
        await Eventually.HoldsAsync(() => engine.Seen.Count + other.Seen.Count == 1, "a worker is asked");
        time.Advance(TimeSpan.FromSeconds(1));
        using var response = await asking;

        await ApiAssert.ErrorAsync(response, 504, "upstream_timeout");
        Assert.Equal(1, engine.Seen.Count + other.Seen.Count);
        await gateway.AssertNothingInFlightAsync();
    }

    [Fact]
    public async Task A_worker_that_closed_since_the_snapshot_is_passed_over()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync();
        gateway.Add(TestGateway.RefusingUrl()).Close();
        gateway.Add(engine.Url);

        for (var i = 0; i < 4; i++)
        {
            using var response = await gateway.ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
