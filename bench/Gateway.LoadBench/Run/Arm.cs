using Gateway.LoadBench.Client;
using Gateway.LoadBench.Servers;

namespace Gateway.LoadBench.Run;

/// <summary>One of the ways to the workers.</summary>
/// <param name="Name">As in the tables.</param>
/// <param name="Server">What is in between; null asks a worker itself.</param>
/// <param name="Workers">The workers' addresses.</param>
/// <param name="Headers">Which further headers it needs to find a worker; null for none.</param>
internal sealed record Arm(string Name, MeasuredServer? Server, IReadOnlyList<Uri> Workers, Func<Workload, string>? Headers = null)
{
    public const string Direct = "direct";
    public const string Gateway = "gateway";
    public const string ClusteredGateway = "gateway in a cluster";
    public const string Measured = "gateway, metrics";
    public const string TracedNever = "gateway, traces, none sampled";
    public const string TracedRarely = "gateway, traces of 1 %";
    public const string TracedAlways = "gateway, traces of all";
    public const string Yarp = "yarp";
    public const string Nginx = "nginx";
    public const string HaProxy = "haproxy";
    public const string Portkey = "portkey";

    /// <summary>A second gateway, with another policy than the one that is measured.</summary>
    public static string GatewayWith(string policy) => $"{Gateway}, {policy}";

    /// <summary>Whether it is this repository's own, or nothing in between.</summary>
    public static bool IsOurs(string name) => name == Direct || name.StartsWith(Gateway, StringComparison.Ordinal);

    /// <summary>The workload as this arm must be asked for it.</summary>
    public Workload Adapt(Workload workload) => Headers is null ? workload : workload.With(Headers(workload));

    public Uri Address(Workload workload) => Server?.Urls[0] ?? Workers[workload.Worker];
}
