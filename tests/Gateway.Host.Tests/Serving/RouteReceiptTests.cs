using System.Net;
using Gateway.Actors.Routing;
using Gateway.Host.Configuration;
using Gateway.Host.Serving;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Serving;

public sealed class RouteReceiptTests
{
    private static readonly GatewayOptions Allowed = new() { Security = new SecurityOptions { AllowRouteExplain = true } };

    [Fact]
    public async Task Who_asks_is_told_which_worker_answered_and_why()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Allowed);
        var dead = gateway.Add(TestGateway.RefusingUrl());
        var alive = gateway.Add(engine.Url);

        using var response = await gateway.ChatAsync(change: Explain);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(alive.Id.ToString(), Header(response, RouteReceipt.WorkerHeader));
        Assert.Equal("round_robin", Header(response, RouteReceipt.PolicyHeader));
        Assert.Equal("2", Header(response, RouteReceipt.AttemptsHeader));
        Assert.Equal($"{dead.Id}=0, {alive.Id}=0", Header(response, RouteReceipt.LoadHeader));
        Assert.DoesNotContain("127.0.0.1", response.Headers.ToString(), StringComparison.Ordinal);
        Assert.Null(engine.Seen.Single().Header(RouteReceipt.Request));
    }

    [Fact]
    public async Task An_error_has_one_too()
    {
        await using var gateway = await TestGateway.StartAsync(Allowed);
        gateway.Add(TestGateway.RefusingUrl());

        using var response = await gateway.ChatAsync(change: Explain);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("1", Header(response, RouteReceipt.AttemptsHeader));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task There_is_none_unless_it_is_asked_for_and_allowed(bool allowed, bool asked)
    {
        await using var engine = await EngineStandIn.StartAsync();
        engine.Behaviour = context =>
        {
            // An engine cannot write one in the gateway's name.
            context.Response.Headers[RouteReceipt.WorkerHeader] = "me";
            return EngineStandIn.AnswerJsonAsync(context, "{}");
        };
        await using var gateway = await TestGateway.StartAsync(allowed ? Allowed : null, engine);

        using var response = await gateway.ChatAsync(change: asked ? Explain : null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.All(RouteReceipt.Headers, name => Assert.False(response.Headers.Contains(name)));
    }

    [Fact]
    public void Policies_are_called_what_operators_call_them() =>
        Assert.All(PolicyCatalog.Names, static name => Assert.Equal(name, RouteReceipt.NameOf(PolicyCatalog.Create(name, PolicyContext.Default))));

    private static void Explain(HttpRequestMessage request) => request.Headers.Add(RouteReceipt.Request, "1");

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
