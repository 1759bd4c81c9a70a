using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Akka.Discovery;

namespace Gateway.Host.Cluster;

/// <summary>Finds gateways by a name whose addresses are theirs, such as that of a headless service. Made by Akka, from its configuration.</summary>
internal sealed class DnsContactPoints(ExtendedActorSystem system, Config config) : ServiceDiscovery
{
    private readonly string _name = config.GetString("name");
    private readonly int _port = config.GetInt("port");

    public ExtendedActorSystem System { get; } = system;

    public override async Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout)
    {
        using var limit = new CancellationTokenSource(resolveTimeout);
        var addresses = await Dns.GetHostAddressesAsync(_name, limit.Token).ConfigureAwait(false);
        return new Resolved(lookup.ServiceName, [.. addresses.Select(address => new ResolvedTarget(address.ToString(), _port, address))]);
    }
}
