using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.EndToEnd;

namespace Gateway.Host.Tests.Commands;

/// <summary><c>gateway models</c> and <c>gateway route</c>, against a running gateway.</summary>
public sealed class ModelsAndRouteCommandTests
{
    [Fact]
    public async Task Models_are_counted_over_their_workers()
    {
        await using var gateway = await LiveGateway.StartAsync(2);
        await CommandRun.OnAsync(gateway, "workers", "add", "http://127.0.0.1:9", "--model", "sim-8b");
        Assert.True(WorkerLease.TryAcquire(gateway.EntryOf(gateway.Engines.Workers[0]).Worker, out _));

        var people = await CommandRun.OnAsync(gateway, "models");
        var programs = await CommandRun.OnAsync(gateway, "models", "--json");

        Assert.Equal(["sim-8b", "-", "2", "3", "regular", "1", "131072"], Assert.Single(people.Rows));
        var model = Assert.Single(programs.Json.GetProperty("models").EnumerateArray().ToArray());
        Assert.Equal((2, 3, 1), (model.GetProperty("ready").GetInt32(), model.GetProperty("workers").GetInt32(), model.GetProperty("load").GetInt32()));
    }

    [Fact]
    public async Task Route_tells_the_worker_by_its_address_and_the_policy()
    {
        await using var gateway = await LiveGateway.StartAsync(1, Explaining);
        var url = gateway.EntryOf(gateway.Engines.Workers[0]).Worker.Spec.Url.Text;

        var people = await CommandRun.OnAsync(gateway, "route", "--explain");
        var programs = await CommandRun.OnAsync(gateway, "route", "--json", "--model", "sim-8b", "--prompt", "Hi");

        Assert.Equal((0, ""), (people.Code, people.Errors));
        Assert.Contains(people.Rows, row => row.SequenceEqual(["worker", url]));
        Assert.Contains(people.Rows, row => row[0] == "load" && row[1].StartsWith($"{url}=", StringComparison.Ordinal));
        Assert.Equal((0, url), (programs.Code, programs.Json.GetProperty("worker_url").GetString()));
        Assert.Equal("cache_aware", programs.Json.GetProperty("receipt").GetProperty("policy").GetString());
    }

    [Fact]
    public async Task Route_says_how_to_get_a_receipt_from_a_gateway_that_gives_none()
    {
        await using var gateway = await LiveGateway.StartAsync(1);

        var run = await CommandRun.OnAsync(gateway, "route");

        Assert.Equal(1, run.Code);
        Assert.Contains("--allow-route-explain", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Route_hands_on_why_the_request_failed()
    {
        await using var gateway = await LiveGateway.StartAsync(1, Explaining);

        var people = await CommandRun.OnAsync(gateway, "route", "--model", "nope");
        var programs = await CommandRun.OnAsync(gateway, "route", "--model", "nope", "--json");

        Assert.Equal(1, people.Code);
        Assert.Contains("The model 'nope' does not exist.", people.Errors, StringComparison.Ordinal);
        Assert.Equal(404, programs.Json.GetProperty("status").GetInt32());
    }

    private static GatewayOptions Explaining(GatewayOptions options) =>
        options with { Security = options.Security with { AllowRouteExplain = true } };
}
