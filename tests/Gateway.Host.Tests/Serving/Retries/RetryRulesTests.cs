using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Serving.Retries;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Serving.Retries;

public sealed class RetryRulesTests
{
    private static readonly GatewayOptions Options = new()
    {
        Retry = new RetryOptions { MaxAttempts = 5, InitialBackoff = TimeSpan.Zero, BudgetRatio = 1, BudgetMinPerSecond = 1000 },
        Models = [new ModelOptions { Id = TestGateway.Model, Retry = new RetryOverrides { MaxAttempts = 3, StatusCodes = [418] } }],
    };

    [Fact]
    public async Task A_workers_word_goes_before_its_models_and_that_before_the_gateways()
    {
        await using var gateway = await TestGateway.StartAsync(Options);
        var plain = gateway.Add("http://a:1");
        var particular = gateway.Add("http://b:2", static spec => spec with { Retry = new RetryOverrides { MaxAttempts = 2 } });
        var stranger = gateway.Add("http://c:3", static spec => spec with { Models = [new ModelCard("other")] });
        var rules = new RetryRules(Options);
        var model = gateway.CurrentModel;

        Assert.Equal((3, 418), (rules.For(model, plain).MaxAttempts, rules.For(model, plain).StatusCodes[0]));
        Assert.Equal((2, 418), (rules.For(model, particular).MaxAttempts, rules.For(model, particular).StatusCodes[0]));
        Assert.Same(Options.Retry, rules.For(null, stranger));
    }

    [Fact]
    public async Task Asking_allocates_nothing_where_no_worker_overrides()
    {
        await using var gateway = await TestGateway.StartAsync(Options);
        var worker = gateway.Add("http://a:1");
        var rules = new RetryRules(Options);
        var model = gateway.CurrentModel;
        rules.For(model, worker);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
            rules.For(model, worker);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(TestGateway.Model)]
    [InlineData(TestGateway.Alias)]
    public async Task A_model_is_tried_as_often_and_after_such_statuses_as_its_section_says(string name)
    {
        await using var engine = await EngineStandIn.StartAsync(static context => EngineStandIn.AnswerJsonAsync(context, "{}", 418));
        await using var gateway = await TestGateway.StartAsync(Options, engine);

        using var response = await gateway.ChatAsync(model: name);

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal(3, engine.Seen.Count);
    }

    [Fact]
    public async Task Other_models_are_tried_as_the_gateway_says()
    {
        await using var engine = await EngineStandIn.StartAsync(static context => EngineStandIn.AnswerJsonAsync(context, "{}", 503));
        await using var gateway = await TestGateway.StartAsync(Options);
        gateway.Add(engine.Url, static spec => spec with { Models = [new ModelCard("other")] });

        using var response = await gateway.ChatAsync(model: "other");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(5, engine.Seen.Count);
    }
}
