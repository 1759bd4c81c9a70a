using Gateway.Actors.Discovery;
using Gateway.Host.Configuration;

namespace Gateway.Host.Observability.Metrics;

/// <summary>How often each source of workers that is followed was asked.</summary>
internal sealed class DiscoveryLookups(GatewayOptions options)
{
    public LookupCounts File { get; } = new();

    public LookupCounts Dns { get; } = new();

    public LookupCounts Kubernetes { get; } = new();

    /// <summary>Those that the operator has named.</summary>
    public IEnumerable<(string Source, LookupCounts Counts)> Followed
    {
        get
        {
            if (options.Fleet.WorkersFile is not null)
                yield return ("file", File);
            if (options.Dns.IsEnabled)
                yield return ("dns", Dns);
            if (options.Pods.IsEnabled)
                yield return ("kubernetes", Kubernetes);
        }
    }
}
