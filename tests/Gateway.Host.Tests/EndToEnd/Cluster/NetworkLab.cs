using System.Globalization;
using Gateway.Tests.Shared;

namespace Gateway.Host.Tests.EndToEnd.Cluster;

/// <summary>
/// Hosts of their own for gateways: network namespaces on one bridge, the test itself among them. Two hosts can be cut off from each
/// other, silently as a broken switch does it, while both reach everybody else.
/// </summary>
internal sealed class NetworkLab : IAsyncDisposable
{
    private const string Folder = "/";
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"mg{Environment.ProcessId % 100_000}");
    private readonly string _net = string.Create(CultureInfo.InvariantCulture, $"10.213.{Environment.ProcessId % 250}");
    private readonly int _hosts;

    private NetworkLab(int hosts) => _hosts = hosts;

    /// <summary>Address of the test's own host.</summary>
    public string Gate => $"{_net}.254";

    private string Bridge => $"{_prefix}b";

    public static async Task<NetworkLab> CreateAsync(int hosts)
    {
        var lab = new NetworkLab(hosts);
        await IpAsync("link", "add", lab.Bridge, "type", "bridge");
        await IpAsync("address", "add", $"{lab.Gate}/24", "dev", lab.Bridge);
        await IpAsync("link", "set", lab.Bridge, "up");
        for (var host = 0; host < hosts; host++)
        {
            await IpAsync("netns", "add", lab.Name(host));
            await IpAsync("link", "add", lab.Cable(host), "type", "veth", "peer", "name", "eth0", "netns", lab.Name(host));
            await IpAsync("link", "set", lab.Cable(host), "master", lab.Bridge, "up");
            await IpAsync("-n", lab.Name(host), "address", "add", $"{lab.Address(host)}/24", "dev", "eth0");
            await IpAsync("-n", lab.Name(host), "link", "set", "eth0", "up");
            await IpAsync("-n", lab.Name(host), "link", "set", "lo", "up");
        }

        return lab;
    }

    public string Address(int host) => string.Create(CultureInfo.InvariantCulture, $"{_net}.{host + 1}");

    /// <summary>What to put before a command to run it there.</summary>
    public string[] On(int host) => ["ip", "netns", "exec", Name(host)];

    /// <summary>Nothing gets from one to the other any more, nor is there an error.</summary>
    public async Task CutAsync(int one, int other)
    {
        await IpAsync("-n", Name(one), "route", "add", "blackhole", $"{Address(other)}/32");
        await IpAsync("-n", Name(other), "route", "add", "blackhole", $"{Address(one)}/32");
    }

    public async Task HealAsync(int one, int other)
    {
        await IpAsync("-n", Name(one), "route", "del", "blackhole", $"{Address(other)}/32");
        await IpAsync("-n", Name(other), "route", "del", "blackhole", $"{Address(one)}/32");
    }

    public async ValueTask DisposeAsync()
    {
        for (var host = 0; host < _hosts; host++)
            await Command.RunAsync(Folder, "ip", ["netns", "del", Name(host)]);
        await Command.RunAsync(Folder, "ip", ["link", "del", Bridge]);
    }

    private static async Task IpAsync(params string[] arguments)
    {
        var (code, output) = await Command.RunAsync(Folder, "ip", arguments);
        Assert.True(code == 0, $"ip {string.Join(' ', arguments)}: {output}");
    }

    private string Name(int host) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}n{host}");

    private string Cable(int host) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}v{host}");
}

/// <summary>A test that makes network namespaces, which takes Linux, <c>ip</c> and the rights of root; elsewhere it is shown as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkLabFactAttribute : FactAttribute
{
    public NetworkLabFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !File.Exists("/usr/sbin/ip") && !File.Exists("/sbin/ip") && !File.Exists("/usr/bin/ip"))
            Skip = "needs Linux, root and the command ip";
    }
}
