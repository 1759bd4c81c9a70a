using Gateway.Actors.Cluster;
using Gateway.Actors.Tests.Discovery.Pods;

namespace Gateway.Actors.Tests.Cluster;

public sealed class ContactPointTests
{
    private const int Port = 4053;

    [Fact]
    public async Task Among_pods_those_with_an_address_are_gateways_ready_or_not_but_not_when_they_end()
    {
        await using var server = await ApiServerStandIn.StartAsync();
        server.Put(new PodRecord("ready", "10.0.0.1"));
        server.Put(new PodRecord("waiting", "10.0.0.2") { IsReady = false });
        server.Put(new PodRecord("ending", "10.0.0.3") { IsTerminating = true });
        server.Put(new PodRecord("failed", "10.0.0.4") { Phase = "Failed" });
        server.Put(new PodRecord("scheduled", "") { Phase = "Pending" });
        var contactPoints = new PodContactPoints(server.Connect, "default", "app=llama", Port);

        var found = await contactPoints.FindAsync(CancellationToken.None);

        Assert.Equal(["10.0.0.1:4053", "10.0.0.2:4053"], found.Select(static peer => peer.ToString()).Order());
    }

    [Fact]
    public async Task A_name_stands_for_every_address_that_it_has()
    {
        var found = await new DnsContactPoints("localhost", Port).FindAsync(CancellationToken.None);

        Assert.Contains(new PeerAddress("127.0.0.1", Port), found);
    }

    [Theory]
    [InlineData("10.0.0.1:4053", "10.0.0.1", 4053)]
    [InlineData("gateway-0.example.org:7000", "gateway-0.example.org", 7000)]
    [InlineData("[fd00::1]:4053", "fd00::1", 4053)]
    public void A_peer_is_a_host_and_a_port(string text, string host, int port)
    {
        Assert.Equal(new PeerAddress(host, port), PeerAddress.Parse(text));
        Assert.Equal(text, PeerAddress.Parse(text).ToString());
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.1:0")]
    [InlineData("host:4053/path")]
    [InlineData("user@host:4053")]
    [InlineData("http://host:4053")]
    [InlineData("")]
    public void Anything_else_is_none(string text) => Assert.Throws<FormatException>(() => PeerAddress.Parse(text));
}
