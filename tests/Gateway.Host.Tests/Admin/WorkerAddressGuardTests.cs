using System.Net;
using System.Net.Http.Json;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.Admin;

public sealed class WorkerAddressGuardTests
{
    [Theory]
    [InlineData("http://169.254.169.254")]
    [InlineData("169.254.1.2:80")]
    [InlineData("grpc://169.254.0.1:443")]
    [InlineData("http://2852039166")]
    [InlineData("http://0xa9fea9fe")]
    [InlineData("http://0251.0376.0251.0376")]
    [InlineData("http://[fe80::1]:8000")]
    [InlineData("http://[::ffff:169.254.169.254]")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]")]
    [InlineData("http://[fd00:ec2::254]")]
    [InlineData("http://100.100.100.200")]
    [InlineData("http://168.63.129.16")]
    public async Task A_link_local_or_metadata_address_cannot_be_registered_over_the_api(string url)
    {
        await using var gateway = await LiveGateway.StartAsync(0);

        using var response = await gateway.Client.PostAsJsonAsync("/workers", new { url });

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("allowed-worker-networks", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(gateway.View.Current.Workers);
    }

    [Fact]
    public async Task A_list_of_networks_opens_what_it_names_and_closes_the_rest()
    {
        await using var gateway = await StartAsync("169.254.7.0/24", "10.0.0.0/8", "*.example.org");

        Assert.Equal(HttpStatusCode.Accepted, await RegisterAsync(gateway, "http://169.254.7.7:8000"));
        Assert.Equal(HttpStatusCode.Accepted, await RegisterAsync(gateway, "http://10.1.2.3:8000"));
        Assert.Equal(HttpStatusCode.Forbidden, await RegisterAsync(gateway, "http://169.254.8.7:8000"));
        Assert.Equal(HttpStatusCode.Forbidden, await RegisterAsync(gateway, "http://127.0.0.1:8000"));
    }

    [Fact]
    public async Task A_list_of_names_alone_refuses_other_names_at_once()
    {
        await using var gateway = await StartAsync("*.example.org", "engine");

        Assert.Equal(HttpStatusCode.Accepted, await RegisterAsync(gateway, "http://A.example.org:8000"));
        Assert.Equal(HttpStatusCode.Accepted, await RegisterAsync(gateway, "http://engine:8000"));
        Assert.Equal(HttpStatusCode.Forbidden, await RegisterAsync(gateway, "http://example.org:8000"));
        Assert.Equal(HttpStatusCode.Forbidden, await RegisterAsync(gateway, "http://badexample.org:8000"));
    }

    [Theory]
    [InlineData(SimulatorProtocol.Http, "http://")]
    [InlineData(SimulatorProtocol.Grpc, "grpc://")]
    [InlineData(SimulatorProtocol.Http, "")]
    public async Task A_name_is_judged_by_its_addresses_when_it_is_connected_to(SimulatorProtocol protocol, string scheme)
    {
        await using var engines = await SimulatedFleet.StartAsync(1, new SimulatorOptions { Protocol = protocol });
        await using var gateway = await StartAsync("10.0.0.0/8");
        // localhost may lead into the network that is open; it is found that it does not.
        Assert.Equal(HttpStatusCode.Accepted, await RegisterAsync(gateway, $"{scheme}localhost:{engines.Workers[0].Port}"));

        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.Single().Reason.Contains("localhost is no place for a worker", StringComparison.Ordinal),
            "the worker is refused");

        Assert.Empty(engines.Workers[0].Stats.RequestsByPath);
    }

    [Theory]
    [InlineData(SimulatorProtocol.Http, "http")]
    [InlineData(SimulatorProtocol.Grpc, "grpc")]
    public async Task A_name_that_leads_where_workers_may_be_is_connected(SimulatorProtocol protocol, string scheme)
    {
        await using var engines = await SimulatedFleet.StartAsync(1, new SimulatorOptions { Protocol = protocol });
        await using var gateway = await StartAsync("127.0.0.0/8");

        Assert.Equal(HttpStatusCode.Accepted, await RegisterAsync(gateway, $"{scheme}://localhost:{engines.Workers[0].Port}"));

        await Eventually.HoldsAsync(() => gateway.Ready == 1, "the worker is ready");
    }

    [Fact]
    public async Task Workers_that_the_operator_configured_are_where_they_are()
    {
        await using var gateway = await LiveGateway.StartAsync(1, options => options with
        {
            Security = options.Security with { AllowedWorkerNetworks = [AllowedNetwork.Parse("10.0.0.0/8")] },
        });

        Assert.Equal(1, gateway.Ready);
    }

    private static Task<LiveGateway> StartAsync(params string[] allowed) => LiveGateway.StartAsync(0, options => options with
    {
        Security = options.Security with { AllowedWorkerNetworks = [.. allowed.Select(AllowedNetwork.Parse)] },
    });

    private static async Task<HttpStatusCode> RegisterAsync(LiveGateway gateway, string url)
    {
        using var response = await gateway.Client.PostAsJsonAsync("/workers", new { url });
        return response.StatusCode;
    }
}
