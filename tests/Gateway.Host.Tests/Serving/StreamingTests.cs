using System.Net;
using System.Text;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Serving;

public class StreamingTests
{
    private const string First = "data: {\"n\":1}\n\n";
    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public async Task Each_event_reaches_the_client_before_the_engine_sends_the_next()
    {
        var step = new SemaphoreSlim(0);
        await using var engine = await EngineStandIn.StartAsync(async context =>
        {
            for (var i = 0; i < 5; i++)
            {
                await EngineStandIn.StreamAsync(context, $"data: {i}\n\n");
                await step.WaitAsync();
            }

            await context.Response.WriteAsync(Done);
        });
        await using var gateway = await TestGateway.StartAsync(null, engine);

        using var response = await gateway.ChatAsync(stream: true);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal($"data: {i}", await reader.ReadLineAsync());
            Assert.Equal("", await reader.ReadLineAsync());
            step.Release();
        }

        Assert.Equal(Done, await reader.ReadToEndAsync());
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task A_stream_that_breaks_after_the_first_byte_ends_with_an_error_event_and_no_done()
    {
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = async context =>
        {
            await EngineStandIn.StreamAsync(context, First);
            await engine.CutAsync(context);
        };
        await using var gateway = await TestGateway.StartAsync(null, engine);

        var text = await ReadStreamAsync(gateway, First, engine);

        AssertErrorEvent(text, First, "stream_interrupted");
        await gateway.AssertNothingInFlightAsync();
        Assert.Equal(1, gateway.Workers[0].Breaker.ConsecutiveFailures);
    }

    [Fact]
    public async Task An_event_that_was_cut_is_kept_from_the_client()
    {
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = async context =>
        {
            await EngineStandIn.StreamAsync(context, First, "data: {\"hal");
            await engine.CutAsync(context);
        };
        await using var gateway = await TestGateway.StartAsync(null, engine);

        var text = await ReadStreamAsync(gateway, First, engine);

        AssertErrorEvent(text, First, "stream_interrupted");
    }

    [Fact]
    public async Task A_stream_that_ends_without_done_is_broken()
    {
        await using var engine = await EngineStandIn.StartAsync(context => EngineStandIn.StreamAsync(context, First));
        await using var gateway = await TestGateway.StartAsync(null, engine);

        AssertErrorEvent(await ReadStreamAsync(gateway), First, "stream_interrupted");
        await gateway.AssertNothingInFlightAsync();
        Assert.Equal(1, gateway.Workers[0].Breaker.ConsecutiveFailures);
    }

    [Fact]
    public async Task A_native_stream_needs_no_done()
    {
        await using var engine = await EngineStandIn.StartAsync(context => EngineStandIn.StreamAsync(context, First));
        await using var gateway = await TestGateway.StartAsync(null, engine);

        using var response = await gateway.PostAsync("/generate", """{"text":"x","stream":true}""");

        Assert.Equal(First, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_break_after_done_spoils_nothing()
    {
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = async context =>
        {
            await EngineStandIn.StreamAsync(context, First, Done);
            await engine.CutAsync(context);
        };
        await using var gateway = await TestGateway.StartAsync(null, engine);

        Assert.Equal(First + Done, await ReadStreamAsync(gateway, First + Done, engine));
        await gateway.AssertNothingInFlightAsync();
        Assert.Equal(0, gateway.Workers[0].Breaker.ConsecutiveFailures);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_ends_with_an_error_event()
    {
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = async context =>
        {
            await EngineStandIn.StreamAsync(context, First);
            await engine.HangAsync(context);
        };
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Timeouts = new TimeoutOptions { Idle = TimeSpan.FromMilliseconds(200) } }, engine);

        AssertErrorEvent(await ReadStreamAsync(gateway), First, "stream_timeout");
        await engine.Aborted.Task;
        await gateway.AssertNothingInFlightAsync();
        Assert.Equal(1, gateway.Workers[0].Breaker.ConsecutiveFailures);
    }

    [Fact]
    public async Task A_stream_that_goes_on_outlives_the_idle_timeout()
    {
        var time = new ManualTime();
        using var next = new SemaphoreSlim(0);
        await using var engine = await EngineStandIn.StartAsync(async context =>
        {
            for (var i = 0; i < 5; i++)
            {
                await EngineStandIn.StreamAsync(context, First);
                await next.WaitAsync();
            }

            await context.Response.WriteAsync(Done);
        });
        await using var gateway = await TestGateway.StartAsync(
            time, new GatewayOptions { Timeouts = new TimeoutOptions { Idle = TimeSpan.FromSeconds(1), FirstByte = TimeSpan.FromSeconds(1) } }, engine);
        using var response = await gateway.ChatAsync(stream: true);
        var stream = await response.Content.ReadAsStreamAsync();

        for (var i = 0; i < 5; i++)
        {
            await stream.ReadExactlyAsync(new byte[First.Length]);
            time.AdvanceMilliseconds(900);
            next.Release();
        }

        Assert.Equal(Done, await new StreamReader(stream).ReadToEndAsync());
    }

    [Fact]
    public async Task A_request_that_takes_too_long_as_a_whole_is_given_up()
    {
        var time = new ManualTime();
        using var next = new SemaphoreSlim(0);
        await using var engine = await EngineStandIn.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await EngineStandIn.StreamAsync(context, First);
                await next.WaitAsync(context.RequestAborted);
            }
        });
        await using var gateway = await TestGateway.StartAsync(
            time, new GatewayOptions { Timeouts = new TimeoutOptions { Request = TimeSpan.FromSeconds(3) } }, engine);
        using var response = await gateway.ChatAsync(stream: true);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var stream = await response.Content.ReadAsStreamAsync();

        for (var second = 1; second <= 3; second++)
        {
            await stream.ReadExactlyAsync(new byte[First.Length]);
            time.Advance(TimeSpan.FromSeconds(1));
            if (second < 3)
                next.Release();
        }

        AssertErrorEvent(await new StreamReader(stream).ReadToEndAsync(), "", "stream_timeout");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(null)]
    public async Task A_body_that_is_no_stream_and_breaks_midway_breaks_the_clients_connection(int? length)
    {
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = length;
            await context.Response.WriteAsync("{\"half");
            await context.Response.Body.FlushAsync();
            await engine.CutAsync(context);
        };
        await using var gateway = await TestGateway.StartAsync(null, engine);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var response = await gateway.ChatAsync();
            engine.Cut.Release();
            await response.Content.ReadAsStringAsync();
        });
    }

    private static async Task<string> ReadStreamAsync(TestGateway gateway)
    {
        using var response = await gateway.ChatAsync(stream: true);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Reads this much of the stream, cuts the engine's connection, and reads the rest.</summary>
    private static async Task<string> ReadStreamAsync(TestGateway gateway, string before, EngineStandIn engine)
    {
        using var response = await gateway.ChatAsync(stream: true);
        var stream = await response.Content.ReadAsStreamAsync();
        var start = new byte[before.Length];
        await stream.ReadExactlyAsync(start);
        engine.Cut.Release();
        return Encoding.ASCII.GetString(start) + await new StreamReader(stream).ReadToEndAsync();
    }

    private static void AssertErrorEvent(string text, string before, string code)
    {
        Assert.StartsWith(before, text, StringComparison.Ordinal);
        var last = text[before.Length..];
        Assert.StartsWith("data: {", last, StringComparison.Ordinal);
        Assert.EndsWith("}\n\n", last, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", last, StringComparison.Ordinal);
        ApiAssert.ErrorObject(last["data: ".Length..], code);
    }
}
