using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Admin;

public sealed class ControlPlaneAccessTests
{
    private static readonly string[] Paths = ["GET /workers", "GET /get_loads", "POST /flush_cache", "POST /workers"];

    [Fact]
    public async Task With_a_key_every_endpoint_asks_for_it()
    {
        await using var gateway = await ControlPlaneUnderTest.StartAsync(new SecurityOptions { ControlPlaneApiKey = new Secret("hush") });
        foreach (var path in Paths)
        {
            var answer = await gateway.SendAsync(path.Split(' ')[0], path.Split(' ')[1]);
            Assert.Equal((HttpStatusCode.Unauthorized, "UNAUTHORIZED"), (answer.Status, answer.Text("code")));
        }

        gateway.Headers.Add("Authorization", "Bearer hush");

        Assert.Equal(HttpStatusCode.OK, (await gateway.SendAsync("GET", "/workers")).Status);
    }

    [Fact]
    public async Task The_clients_key_does_not_open_the_control_plane()
    {
        await using var gateway = await ControlPlaneUnderTest.StartAsync(new SecurityOptions { ApiKey = new Secret("clients"), ControlPlaneApiKey = new Secret("hush") });
        gateway.Headers.Add("Authorization", "Bearer clients");

        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.SendAsync("GET", "/workers")).Status);
    }

    [Fact]
    public async Task What_a_local_proxy_passes_on_is_not_local()
    {
        await using var gateway = await ControlPlaneUnderTest.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await gateway.SendAsync("GET", "/workers")).Status);

        gateway.Headers.Add("X-Forwarded-For", "10.0.0.7");

        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.SendAsync("GET", "/workers")).Status);
    }

    [Fact]
    public async Task A_disabled_control_plane_is_not_there()
    {
        await using var gateway = await ControlPlaneUnderTest.StartAsync(new SecurityOptions { DisableControlPlane = true });
        foreach (var path in Paths)
            Assert.Equal(HttpStatusCode.NotFound, (await gateway.SendAsync(path.Split(' ')[0], path.Split(' ')[1])).Status);
    }
}
