using System.Net;

namespace Gateway.Actors.Cluster;

/// <summary>Finds gateways by a name whose addresses are theirs, such as that of a headless service.</summary>
/// <param name="name">The name.</param>
/// <param name="port">The same at all of them.</param>
public sealed class DnsContactPoints(string name, int port) : IContactPoints
{
    public async Task<IReadOnlyList<PeerAddress>> FindAsync(CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(name, cancellation).ConfigureAwait(false);
        return [.. addresses.Select(address => new PeerAddress(address.ToString(), port))];
    }
}
