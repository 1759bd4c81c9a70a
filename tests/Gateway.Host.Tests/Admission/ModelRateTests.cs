using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Admission;

/// <summary>Limits per minute of a model, over all who use it.</summary>
public sealed class ModelRateTests
{
    private const int Requests = 3;

    /// <summary>Few, so that what comes back during a test is less than the slack of its assertions.</summary>
    private const int Tokens = 2_000;

    private static readonly ModelOptions OfRequests = new() { Id = TestGateway.Model, RequestsPerMinute = Requests };
    private static readonly ModelOptions OfTokens = new() { Id = TestGateway.Model, TokensPerMinute = Tokens };

    [Fact]
    public async Task All_tenants_together_use_up_a_models_requests_and_an_alias_is_the_model()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(With(OfRequests), engine);
        (await ChatAsync(gateway, "one")).Dispose();
        (await ChatAsync(gateway, "two")).Dispose();
        using var last = await ChatAsync(gateway, "one", model: TestGateway.Alias);

        using var refused = await ChatAsync(gateway, "two", model: TestGateway.Alias);

        Assert.Equal(("3", "0"), (Header(last, "x-ratelimit-limit-requests"), Header(last, "x-ratelimit-remaining-requests")));
        await ApiAssert.ErrorAsync(refused, 429, "rate_limit_exceeded");
        Assert.Contains("3 requests per minute for the model 'org/llama-3.1'", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 20);
        Assert.Equal("0", Header(refused, "x-ratelimit-remaining-requests"));
        Assert.Equal(Requests, engine.Seen.Count);
    }

    [Fact]
    public async Task Other_models_do_not_count()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(With(OfRequests));
        gateway.Add(engine.Url, static spec => spec with { Models = [new ModelCard(TestGateway.Model), new ModelCard("other")] });
        for (var i = 0; i <= Requests; i++)
        {
            using var other = await ChatAsync(gateway, "one", model: "other");
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
            Assert.False(other.Headers.Contains("x-ratelimit-limit-requests"));
        }

        using var own = await ChatAsync(gateway, "one");

        Assert.Equal("2", Header(own, "x-ratelimit-remaining-requests"));
    }

    [Fact]
    public async Task A_models_tokens_are_reserved_and_settled_with_the_engines_count()
    {
        await using var engine = await EngineStandIn.StartAsync(static context =>
            EngineStandIn.AnswerJsonAsync(context, """{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1199,"total_tokens":1200}}"""));
        await using var gateway = await TestGateway.StartAsync(With(OfTokens), engine);
        (await ChatAsync(gateway, "one")).Dispose();
        await gateway.AssertNothingInFlightAsync();
        using var second = await ChatAsync(gateway, "two");
        await gateway.AssertNothingInFlightAsync();

        using var third = await ChatAsync(gateway, "one");

        Assert.InRange(long.Parse(Header(second, "x-ratelimit-remaining-tokens"), provider: null), 450, 790);
        await ApiAssert.ErrorAsync(third, 429, "rate_limit_exceeded");
        Assert.Contains("2000 tokens per minute for the model", await third.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_tenant_and_its_model_have_limits_the_one_that_refuses_is_named_and_shown()
    {
        await using var engine = await EngineStandIn.StartAsync();
        var options = With(OfRequests) with
        {
            Tenants =
            [
                new TenantOptions { Name = "one", ApiKey = new Secret("one"), RequestsPerMinute = 2 },
                new TenantOptions { Name = "two", ApiKey = new Secret("two"), RequestsPerMinute = 100 },
            ],
        };
        await using var gateway = await TestGateway.StartAsync(options, engine);
        (await ChatAsync(gateway, "one")).Dispose();
        (await ChatAsync(gateway, "one")).Dispose();

        using var ofTenant = await ChatAsync(gateway, "one");
        (await ChatAsync(gateway, "two")).Dispose();
        using var ofModel = await ChatAsync(gateway, "two");

        Assert.Contains("2 requests per minute for this API key", await ofTenant.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(("2", "0"), (Header(ofTenant, "x-ratelimit-limit-requests"), Header(ofTenant, "x-ratelimit-remaining-requests")));
        Assert.Contains("3 requests per minute for the model", await ofModel.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(("3", "0"), (Header(ofModel, "x-ratelimit-limit-requests"), Header(ofModel, "x-ratelimit-remaining-requests")));
    }

    [Fact]
    public async Task The_one_that_refuses_is_shown_even_if_the_other_has_less_left_by_then()
    {
        await using var engine = await EngineStandIn.StartAsync();
        var options = With(OfTokens with { TokensPerMinute = 500 }) with
        {
            Tenants = [new TenantOptions { Name = "one", ApiKey = new Secret("one"), TokensPerMinute = 600 }],
        };
        await using var gateway = await TestGateway.StartAsync(options, engine);
        using var first = await ChatAsync(gateway, "one");
        await gateway.AssertNothingInFlightAsync();

        using var second = await ChatAsync(gateway, "one");

        Assert.Equal("500", Header(first, "x-ratelimit-limit-tokens"));
        await ApiAssert.ErrorAsync(second, 429, "rate_limit_exceeded");
        Assert.Equal("500", Header(second, "x-ratelimit-limit-tokens"));
    }

    [Fact]
    public async Task What_the_model_refuses_costs_the_tenant_nothing()
    {
        await using var engine = await EngineStandIn.StartAsync();
        var options = With(OfRequests with { RequestsPerMinute = 1 }) with
        {
            Tenants = [new TenantOptions { Name = "one", ApiKey = new Secret("one"), RequestsPerMinute = 5, TokensPerMinute = Tokens }],
        };
        await using var gateway = await TestGateway.StartAsync(options);
        gateway.Add(engine.Url, static spec => spec with { Models = [new ModelCard(TestGateway.Model), new ModelCard("other")] });
        (await ChatAsync(gateway, "one")).Dispose();
        for (var i = 0; i < 6; i++)
        {
            using var refused = await ChatAsync(gateway, "one");
            await ApiAssert.ErrorAsync(refused, 429, "rate_limit_exceeded");
            await gateway.AssertNothingInFlightAsync();
        }

        using var other = await ChatAsync(gateway, "one", model: "other");

        Assert.Equal("3", Header(other, "x-ratelimit-remaining-requests"));
        Assert.InRange(long.Parse(Header(other, "x-ratelimit-remaining-tokens"), provider: null), Tokens - 750, Tokens - 400);
    }

    [Fact]
    public async Task A_health_check_is_refused_for_no_models_rate()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(With(OfRequests), engine);
        for (var i = 0; i <= Requests; i++)
            (await ChatAsync(gateway, "one")).Dispose();

        using var health = await gateway.Client.GetAsync("/health_generate");

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    private static GatewayOptions With(ModelOptions model) => new()
    {
        Models = [model],
        Tenants =
        [
            new TenantOptions { Name = "one", ApiKey = new Secret("one") },
            new TenantOptions { Name = "two", ApiKey = new Secret("two") },
        ],
    };

    private static Task<HttpResponseMessage> ChatAsync(TestGateway gateway, string key, string model = TestGateway.Model) =>
        gateway.ChatAsync(model: model, change: message => message.Headers.Add("x-api-key", key));

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
