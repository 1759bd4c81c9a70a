using System.Globalization;
using System.Net;
using Gateway.Host.Configuration;
using Gateway.Host.Serving;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Serving;

public sealed class TimingReceiptTests
{
    private static readonly GatewayOptions Allowed = new() { Security = new SecurityOptions { AllowRouteExplain = true } };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_asks_is_told_where_the_time_went(bool stream)
    {
        var time = new ManualTime();
        time.Advance(TimeSpan.FromSeconds(1));
        await using var engine = await EngineStandIn.StartAsync(context =>
        {
            time.Advance(TimeSpan.FromMilliseconds(40));
            return stream ? EngineStandIn.StreamAsync(context, "data: 1\n\n", "data: [DONE]\n\n") : EngineStandIn.AnswerJsonAsync(context, "{}");
        });
        await using var gateway = await TestGateway.StartAsync(time, Allowed, engine);

        using var response = await gateway.ChatAsync(stream, change: Ask);

        var parts = Parts(response);
        Assert.Equal(["body", "queue", "engine", "gateway", "total"], parts.Keys);
        Assert.Equal((0, 40, 0, 40), (parts["queue"], parts["engine"], parts["gateway"], parts["total"]));
        Assert.Null(engine.Seen.Single().Header(TimingReceipt.Request));
    }

    [Fact]
    public async Task Errors_of_the_gateway_tell_it_too_and_what_was_tried_counts()
    {
        await using var gateway = await TestGateway.StartAsync(Allowed);
        gateway.Add(TestGateway.RefusingUrl());

        using var response = await gateway.ChatAsync(change: Ask);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        var parts = Parts(response);
        Assert.True(parts["engine"] > 0);
        Assert.True(parts["total"] >= parts["engine"] + parts["gateway"]);
    }

    [Fact]
    public async Task What_the_engine_says_of_its_own_time_is_kept()
    {
        await using var engine = await EngineStandIn.StartAsync(static context =>
        {
            context.Response.Headers["Server-Timing"] = "prefill;dur=3";
            return EngineStandIn.AnswerJsonAsync(context, "{}");
        });
        await using var gateway = await TestGateway.StartAsync(Allowed, engine);

        using var response = await gateway.ChatAsync(change: Ask);

        var values = response.Headers.GetValues(TimingReceipt.Header).ToList();
        Assert.Equal("prefill;dur=3", values[0]);
        Assert.StartsWith("body;dur=", values[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Nothing_is_told_unless_it_is_asked_for_and_allowed(bool allowed, bool asked)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(allowed ? Allowed : null, engine);

        using var response = await gateway.ChatAsync(change: asked ? Ask : null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains(TimingReceipt.Header));
    }

    private static void Ask(HttpRequestMessage message) => message.Headers.Add(TimingReceipt.Request, "1");

    /// <summary>Milliseconds by name.</summary>
    private static Dictionary<string, double> Parts(HttpResponseMessage response) => response.Headers.GetValues(TimingReceipt.Header).Single()
        .Split(", ")
        .Select(static part => part.Split(";dur="))
        .ToDictionary(static part => part[0], static part => double.Parse(part[1], CultureInfo.InvariantCulture));
}
