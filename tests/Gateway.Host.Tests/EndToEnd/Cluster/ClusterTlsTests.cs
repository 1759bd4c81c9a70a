using System.Globalization;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.EndToEnd.Cluster;

/// <summary>Gateways that show each other certificates, and others that would like to be among them.</summary>
public sealed class ClusterTlsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Gateways_with_certificates_of_one_CA_meet_and_a_stranger_stays_outside(bool strangerHasCertificate)
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        await using var cluster = await GatewayCluster.StartProtectedAsync(2, Protection(authority));

        // It begins a cluster of its own as soon as it has found that it cannot join one; unless that costs it its membership first, for
        // Akka ends a system whose certificate is refused.
        var stranger = GatewayProcess.Start(
        [
            "--host", "127.0.0.1",
            "--port", "0",
            "--cluster",
            "--cluster-host", "127.0.0.1",
            "--cluster-port", ReservedPorts.Take(1)[0].ToString(CultureInfo.InvariantCulture),
            "--cluster-quorum", "1",
            "--cluster-peers", .. cluster.Peers,
            .. strangerHasCertificate ? Protection(other) : ["--cluster-plaintext"],
        ]);
        await using (stranger)
        {
            using var client = new HttpClient { BaseAddress = await stranger.ListensAsync() };
            await GatewayCluster.EventuallyAsync(
                client, "cluster", answer => GatewayCluster.Reachable(answer) > 0 || WasRefused(stranger), "the stranger is in some cluster or was refused");

            Assert.InRange((await GetAsync(client))["members"]!.AsArray().Count, 0, 1);
            await cluster.MeetAsync(2);
        }
    }

    [Fact]
    public async Task Without_certificates_and_without_saying_so_a_gateway_does_not_start()
    {
        await using var gateway = GatewayProcess.Start("--cluster", "--cluster-peers", "127.0.0.1:4053");
        Assert.Equal(2, await gateway.ExitAsync());
        Assert.Contains("--cluster:", Assert.Single(gateway.Errors), StringComparison.Ordinal);
    }

    private static bool WasRefused(GatewayProcess gateway) =>
        gateway.Output.Any(static line => line.Contains("The membership in the cluster has ended", StringComparison.Ordinal));

    private static async Task<System.Text.Json.Nodes.JsonNode> GetAsync(HttpClient client) =>
        System.Text.Json.Nodes.JsonNode.Parse(await client.GetStringAsync(new Uri("cluster", UriKind.Relative)))!;

    private static string[] Protection(TestAuthority authority)
    {
        var (certificate, key) = authority.IssueFiles("gateway", forServer: true);
        return ["--cluster-cert-path", certificate, "--cluster-key-path", key, "--cluster-ca-cert-path", authority.Path];
    }
}
