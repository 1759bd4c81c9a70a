using Gateway.Actors.Workers;

namespace Gateway.Actors.Discovery.Names;

/// <summary>Which names to follow.</summary>
/// <param name="Workers">The names, and what is at their addresses. An address that two of them have is the first one's.</param>
/// <param name="Interval">Longest time between two questions about a name. Answers that are worth something for less are asked for sooner.</param>
/// <param name="Servers">Asks for names.</param>
public sealed record DnsDiscoverySettings(EquatableArray<NamedWorkers> Workers, TimeSpan Interval, DnsServers Servers)
{
    /// <summary>Shortest time between two questions about a name, whatever its answers say; after a failure it doubles, up to the interval.</summary>
    public static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(2);

    /// <summary>Told how often names are asked for.</summary>
    public LookupCounts Lookups { get; init; } = new();

    /// <summary>Asks for one name; another one is for tests.</summary>
    internal Func<WorkerName, CancellationToken, Task<NameAnswer>>? Resolve { get; init; }
}
