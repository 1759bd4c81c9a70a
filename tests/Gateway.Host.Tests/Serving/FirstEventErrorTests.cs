using System.Net;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Serving;

public sealed class FirstEventErrorTests
{
    private const string Done = "data: [DONE]\n\n";
    private const string Good = "data: {\"choices\":[]}\n\n" + Done;

    public static TheoryData<string> Busy =>
    [
        """{"error":{"object":"error","message":"no room","type":"InternalServerError","param":null,"code":500}}""",
        """{"error": {"message": "no room", "code": 503}}""",
        """{"error": "no room"}""",
        """{"error":{"message":"no room","code":"server_error"}}""",
        """{"object":"error","message":"no room","code":502}""",
    ];

    [Theory]
    [MemberData(nameof(Busy))]
    public async Task A_stream_that_begins_with_an_engines_failure_is_tried_elsewhere(string error)
    {
        await using var failing = await EngineStandIn.StartAsync(context => EngineStandIn.StreamAsync(context, $"data: {error}\n\n", Done));
        await using var good = await EngineStandIn.StartAsync(static context => EngineStandIn.StreamAsync(context, Good));
        await using var gateway = await TestGateway.StartAsync(null, failing, good);

        for (var i = 0; i < 2; i++)
        {
            using var response = await gateway.ChatAsync(stream: true);
            Assert.Equal(Good, await response.Content.ReadAsStringAsync());
        }

        Assert.NotEmpty(failing.Seen);
    }

    [Fact]
    public async Task When_nobody_does_better_the_error_is_an_answer_with_its_own_status()
    {
        const string Error = """{"error":{"message":"no room","code":503}}""";
        await using var failing = await EngineStandIn.StartAsync(static context => EngineStandIn.StreamAsync(context, $"data: {Error}\n\n"));
        await using var gateway = await TestGateway.StartAsync(null, failing);

        using var response = await gateway.ChatAsync(stream: true);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(Error, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_error_of_the_clients_is_not_retried_and_keeps_its_status()
    {
        const string Error = """{"error":{"message":"too long","code":400}}""";
        await using var first = await EngineStandIn.StartAsync(static context => EngineStandIn.StreamAsync(context, $"data: {Error}\n\n"));
        await using var gateway = await TestGateway.StartAsync(null, first, first);

        using var response = await gateway.ChatAsync(stream: true);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(Error, await response.Content.ReadAsStringAsync());
        Assert.Single(first.Seen);
        Assert.All(gateway.Workers, static worker => Assert.Equal(0, worker.Breaker.ConsecutiveFailures));
    }

    [Theory]
    [InlineData("data: {\"error\":null,\"choices\":[]}\n\n")]
    [InlineData("data: {\"object\":\"chat.completion.chunk\",\"code\":500}\n\n")]
    [InlineData("data: {\"error\n\n")]
    [InlineData("data: {\"text\":\"{\\\"error\\\":1}\"}\n\n")]
    public async Task What_only_looks_like_one_is_relayed(string beginning)
    {
        await using var engine = await EngineStandIn.StartAsync(context => EngineStandIn.StreamAsync(context, beginning, Done));
        await using var gateway = await TestGateway.StartAsync(null, engine);

        using var response = await gateway.ChatAsync(stream: true);

        Assert.Equal(beginning + Done, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_later_error_event_is_the_clients()
    {
        const string Late = "data: {\"choices\":[]}\n\ndata: {\"error\":{\"code\":500}}\n\n" + Done;
        await using var engine = await EngineStandIn.StartAsync(static context => EngineStandIn.StreamAsync(context, Late));
        await using var gateway = await TestGateway.StartAsync(null, engine, engine);

        using var response = await gateway.ChatAsync(stream: true);

        Assert.Equal(Late, await response.Content.ReadAsStringAsync());
        Assert.Single(engine.Seen);
    }
}
