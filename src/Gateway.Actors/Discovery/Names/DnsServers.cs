using System.Net;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Discovery.Names;

/// <summary>Who is asked for names.</summary>
/// <param name="Named">By these, in this order, names are asked for as they are. Without any, the machine's own resolver settings hold.</param>
public sealed record DnsServers(EquatableArray<IPEndPoint> Named)
{
    /// <summary>Where the machine's domains to search stand; for tests.</summary>
    internal string ResolverFile { get; init; } = "/etc/resolv.conf";
}
