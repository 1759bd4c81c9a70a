using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;
using Xunit.Abstractions;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>The official OpenAI client for Node.js; its tests are in <c>tests/openai-node</c>.</summary>
public sealed class OpenAiNodeClientTests(ITestOutputHelper output)
{
    private const string ApiKey = "sk-test";

    [Fact]
    public async Task The_official_node_client_works_against_the_gateway()
    {
        await using var gateway = await LiveGateway.StartAsync(
            engines: 2,
            static options => options with { Security = new SecurityOptions { ApiKey = new Secret(ApiKey) } });
        await OpenAiNode.TestAsync(
            "chat.test.mjs",
            output,
            ("GATEWAY_BASE_URL", new Uri(gateway.Client.BaseAddress!, "/v1").ToString()),
            ("GATEWAY_API_KEY", ApiKey),
            ("MODEL", new SimulatorOptions().Model));
        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.All(static entry => entry.Worker.Load == 0),
            "no request is counted any more");
        Assert.Contains(gateway.Engines.Workers, static worker => worker.Stats.Aborted > 0);
    }
}
