using System.Net;
using System.Text;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Api;
using Gateway.Host.Configuration;
using Gateway.Host.Serving;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Admission;

public sealed class RateLimitTests
{
    private const int Requests = 3;

    /// <summary>Few, so that what comes back during a test, 33 a second, is less than the slack of its assertions.</summary>
    private const int Tokens = 2_000;

    private static readonly GatewayOptions Limited = new()
    {
        Tenants = [new TenantOptions { Name = "a", ApiKey = new Secret("key"), RequestsPerMinute = Requests, TokensPerMinute = Tokens }],
        Security = new SecurityOptions { ApiKey = new Secret("free") },
    };

    [Fact]
    public async Task Every_answer_tells_a_limited_tenant_what_is_left_whatever_the_engine_says()
    {
        await using var engine = await EngineStandIn.StartAsync(static context =>
        {
            context.Response.Headers["x-ratelimit-limit-requests"] = "12345";
            return EngineStandIn.AnswerJsonAsync(context, "{}");
        });
        await using var gateway = await TestGateway.StartAsync(Limited, engine);

        using var response = await ChatAsync(gateway);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("3", Header(response, "x-ratelimit-limit-requests"));
        Assert.Equal("2", Header(response, "x-ratelimit-remaining-requests"));
        Assert.EndsWith("s", Header(response, "x-ratelimit-reset-requests"), StringComparison.Ordinal);
        Assert.Equal("2000", Header(response, "x-ratelimit-limit-tokens"));
        Assert.InRange(long.Parse(Header(response, "x-ratelimit-remaining-tokens"), provider: null), Tokens - 350, Tokens - 50);
    }

    [Fact]
    public async Task A_tenant_without_limits_is_told_nothing_of_limits()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Limited, engine);

        using var response = await ChatAsync(gateway, key: "free");

        Assert.DoesNotContain(response.Headers, static header => header.Key.StartsWith("x-ratelimit", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Over_its_requests_per_minute_a_tenant_is_refused_and_others_are_not()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Limited, engine);
        for (var i = 0; i < Requests; i++)
            (await ChatAsync(gateway)).Dispose();

        using var refused = await ChatAsync(gateway);
        using var other = await ChatAsync(gateway, key: "free");

        await ApiAssert.ErrorAsync(refused, 429, "rate_limit_exceeded");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 20);
        Assert.Equal("0", Header(refused, "x-ratelimit-remaining-requests"));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(Requests + 1, engine.Seen.Count);
    }

    [Fact]
    public async Task The_engines_count_settles_what_was_estimated()
    {
        await using var engine = await EngineStandIn.StartAsync(static context =>
            EngineStandIn.AnswerJsonAsync(context, """{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1199,"total_tokens":1200}}"""));
        await using var gateway = await TestGateway.StartAsync(Limited, engine);
        (await ChatAsync(gateway)).Dispose();
        await gateway.AssertNothingInFlightAsync();

        using var second = await ChatAsync(gateway);
        await gateway.AssertNothingInFlightAsync();
        using var third = await ChatAsync(gateway);

        Assert.InRange(long.Parse(Header(second, "x-ratelimit-remaining-tokens"), provider: null), 450, 790);
        await ApiAssert.ErrorAsync(third, 429, "rate_limit_exceeded");
        Assert.Equal("0", Header(third, "x-ratelimit-remaining-tokens"));
    }

    [Fact]
    public async Task The_last_event_of_a_stream_settles_it_too()
    {
        await using var engine = await EngineStandIn.StartAsync(static context => EngineStandIn.StreamAsync(
            context, "data: {\"choices\":[{}],\"usage\":null}\n\n", "data: {\"choices\":[],\"usage\":{\"total_tokens\":1500}}\n\n", "data: [DONE]\n\n"));
        await using var gateway = await TestGateway.StartAsync(Limited, engine);
        using (var stream = await ChatAsync(gateway, stream: true))
            await stream.Content.ReadAsStringAsync();
        await gateway.AssertNothingInFlightAsync();

        using var next = await ChatAsync(gateway, stream: true);

        Assert.InRange(long.Parse(Header(next, "x-ratelimit-remaining-tokens"), provider: null), 150, 490);
    }

    [Fact]
    public async Task What_reaches_no_engine_costs_nothing()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Limited, engine);
        for (var i = 0; i < 2 * Requests; i++)
        {
            using var unknown = await gateway.ChatAsync(model: "nope", change: static message => message.Headers.Add("x-api-key", "key"));
            await ApiAssert.ErrorAsync(unknown, 404, "model_not_found");
            await gateway.AssertNothingInFlightAsync();
        }

        using var served = await ChatAsync(gateway);

        Assert.Equal("2", Header(served, "x-ratelimit-remaining-requests"));
    }

    [Theory]
    [InlineData("""{"model":"m","max_tokens":50}""", 50)]
    [InlineData("""{"model":"m","max_tokens":50,"max_completion_tokens":70}""", 70)]
    [InlineData("""{"model":"m","max_tokens":null}""", 256)]
    [InlineData("""{"model":"m","max_tokens":"many"}""", 256)]
    public void An_estimate_is_a_quarter_of_the_bytes_and_the_longest_answer(string body, int answer)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Assert.Null(RequestPeek.Read(bytes, out var peek));

        Assert.Equal(1 + (bytes.Length / 4) + answer, TokenEstimate.Of(bytes.Length, peek, ServedEndpoint.Generation[0]));
    }

    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(20, "20ms")]
    [InlineData(2500, "2.5s")]
    [InlineData(90_000, "1m30s")]
    [InlineData(60_000, "1m0s")]
    public void Durations_are_written_as_OpenAI_does(int milliseconds, string expected) =>
        Assert.Equal(expected, RateLimitHeaders.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    private static Task<HttpResponseMessage> ChatAsync(TestGateway gateway, string key = "key", bool stream = false) =>
        gateway.ChatAsync(stream, change: message => message.Headers.Add("x-api-key", key));

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
