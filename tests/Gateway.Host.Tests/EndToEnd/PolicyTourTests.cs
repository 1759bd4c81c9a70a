using System.Net;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>Every policy in the whole gateway, with real engines' stand-ins behind it.</summary>
public sealed class PolicyTourTests
{
    public static TheoryData<string> Policies => [.. PolicyCatalog.Names];

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Each_policy_serves_a_fleet_that_loses_an_engine(string policy)
    {
        await using var gateway = await LiveGateway.StartAsync(
            engines: 3, options => options with { Fleet = options.Fleet with { Policy = policy } });
        for (var i = 0; i < 6; i++)
            Assert.Equal(HttpStatusCode.OK, await ChatAsync(gateway));
        await gateway.Engines.Workers[0].CrashAsync();
        for (var i = 0; i < 12; i++)
            Assert.Equal(HttpStatusCode.OK, await ChatAsync(gateway));
        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.All(static entry => entry.Worker is { Load: 0, PendingPromptBytes: 0 }),
            "nothing is counted any more");
    }

    [Fact]
    public async Task A_session_stays_where_its_prefix_is_and_the_receipt_says_so()
    {
        await using var gateway = await LiveGateway.StartAsync(
            engines: 4,
            options => options with
            {
                Fleet = options.Fleet with { Policy = "cache_aware" },
                Security = options.Security with { AllowRouteExplain = true },
            });
        var history = $"{{\"role\":\"user\",\"content\":\"{string.Concat(Enumerable.Repeat("a long story ", 400))}\"}}";
        var first = await ExplainAsync(gateway, history);
        for (var turn = 0; turn < 5; turn++)
        {
            history += $",{{\"role\":\"assistant\",\"content\":\"answer {turn}\"}},{{\"role\":\"user\",\"content\":\"question {turn}\"}}";
            var next = await ExplainAsync(gateway, history);
            Assert.Equal(first.Worker, next.Worker);
            Assert.True(next.Share > 0.9, $"matched {next.Share} of the prompt");
        }

        Assert.Contains(gateway.Engines.Workers, static engine => engine.Stats.CachedTokens > 1000);
    }

    [Fact]
    public async Task A_routing_key_goes_before_the_policy_if_the_operator_wants_it_and_the_receipt_names_both()
    {
        await using var gateway = await LiveGateway.StartAsync(
            engines: 4,
            options => options with
            {
                Fleet = options.Fleet with { Policy = "round_robin" },
                Routing = options.Routing with { RoutingKeyOverride = true },
                Security = options.Security with { AllowRouteExplain = true },
            });

        var keyed = new List<(string Worker, string Policy, string? Rule)>();
        var free = new List<(string Worker, string Policy, string? Rule)>();
        for (var i = 0; i < 8; i++)
        {
            keyed.Add(await ReceiptAsync(gateway, "X-SMG-Routing-Key"));
            keyed.Add(await ReceiptAsync(gateway, "X-Routing-Key"));
            free.Add(await ReceiptAsync(gateway, key: null));
        }

        Assert.Equal((keyed[0].Worker, "round_robin", "routing key: manual"), Assert.Single(keyed.Distinct()));
        Assert.Equal(4, free.Select(static receipt => receipt.Worker).Distinct().Count());
        Assert.All(free, static receipt => Assert.Equal(("round_robin", null), (receipt.Policy, receipt.Rule)));
    }

    private static async Task<(string Worker, string Policy, string? Rule)> ReceiptAsync(LiveGateway gateway, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = ClientLoad.Request(stream: false, maxTokens: 2) };
        request.Headers.Add("X-Route-Explain", "1");
        if (key is not null)
            request.Headers.Add(key, "a session");
        using var answer = await gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("x-route-prefix-share"));
        return (
            answer.Headers.GetValues("x-route-worker").Single(),
            answer.Headers.GetValues("x-route-policy").Single(),
            answer.Headers.TryGetValues("x-route-rule", out var rule) ? rule.Single() : null);
    }

    private static async Task<HttpStatusCode> ChatAsync(LiveGateway gateway)
    {
        using var answer = await gateway.Client.PostAsync(
            new Uri("/v1/chat/completions", UriKind.Relative), ClientLoad.Request(stream: false, maxTokens: 2));
        return answer.StatusCode;
    }

    private static async Task<(string Worker, double Share)> ExplainAsync(LiveGateway gateway, string messages)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent($"{{\"messages\":[{messages}],\"model\":\"sim-8b\",\"max_tokens\":2}}"),
        };
        request.Headers.Add("X-Route-Explain", "1");
        using var answer = await gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (
            answer.Headers.GetValues("x-route-worker").Single(),
            double.Parse(answer.Headers.GetValues("x-route-prefix-share").Single(), System.Globalization.CultureInfo.InvariantCulture));
    }
}
