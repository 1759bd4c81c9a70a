using System.Net;
using System.Net.Sockets;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>
/// Keeps whoever may register workers from having the gateway send requests, and its workers' keys, to where only machines of the inside
/// come: link-local addresses and the clouds' metadata services. A name is judged by the addresses that it has when it is connected to,
/// so that it cannot have others by then.
/// </summary>
/// <param name="allowed">The only places there may be; empty for all but those that are closed by default.</param>
public sealed class AddressGuard(EquatableArray<AllowedNetwork> allowed)
{
    /// <summary>
    /// 169.254.0.0/16 has the metadata services of most clouds. Others: Azure's host, Alibaba's, Oracle's, and over IPv6 those of AWS and Google.
    /// </summary>
    private static readonly IPNetwork[] Closed =
    [
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("168.63.129.16/32"),
        IPNetwork.Parse("100.100.100.200/32"),
        IPNetwork.Parse("192.0.0.192/32"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("fd00:ec2::254/128"),
        IPNetwork.Parse("fd20:ce::254/128"),
    ];

    /// <summary>Networks whose addresses end in an IPv4 address to which they lead: NAT64's well-known prefix, and the deprecated "compatible" one.</summary>
    private static readonly IPNetwork[] EndingInIPv4 = [IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("::/96")];

    /// <returns>What is wrong with a host, as far as its name tells; null if nothing is, or only its addresses will tell.</returns>
    public string? Refuse(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (IPAddress.TryParse(host, out var address))
            return Allows(host, address) ? null : Describe(address.ToString());
        // With networks in the list a name may lead into one.
        return allowed.IsEmpty || allowed.Any(place => place.Network is not null || place.Names(host)) ? null : Describe(host);
    }

    /// <param name="host">The name, or the address itself.</param>
    /// <param name="address">One of its addresses.</param>
    public bool Allows(string host, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        address = Plain(address);
        if (allowed.Any(place => place.Contains(address)))
            return true;
        return !Array.Exists(Closed, network => network.Contains(address))
            && (allowed.IsEmpty || allowed.Any(place => place.Names(host)));
    }

    /// <summary>Connects to one of the host's addresses that are allowed.</summary>
    /// <exception cref="IOException">None of them is.</exception>
    internal async ValueTask<Stream> ConnectAsync(DnsEndPoint place, CancellationToken cancellation)
    {
        var found = IPAddress.TryParse(place.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(place.Host, cancellation).ConfigureAwait(false);
        var open = Array.FindAll(found, address => Allows(place.Host, address));
        if (open.Length == 0)
            throw new IOException(Describe(place.Host));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, place.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Describe(string host) =>
        $"{host} is no place for a worker that is registered over the API (allowed-worker-networks)";

    /// <summary>The IPv4 address that an IPv6 address leads to, if it does.</summary>
    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        var isIPv4Inside = address.AddressFamily == AddressFamily.InterNetworkV6
            && Array.Exists(EndingInIPv4, network => network.Contains(address))
            && !IPAddress.IsLoopback(address)
            && !address.Equals(IPAddress.IPv6Any);
        return isIPv4Inside ? new IPAddress(address.GetAddressBytes().AsSpan(12)) : address;
    }
}
