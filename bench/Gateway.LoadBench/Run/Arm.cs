using Gateway.LoadBench.Client;
using Gateway.LoadBench.Servers;

namespace Gateway.LoadBench.Run;

/// <summary>One of the ways to the workers.</summary>
/// <param name="Name">As in the tables.</param>
/// <param name="Server">What is in between; null asks a worker itself.</param>
/// <param name="Workers">The workers' addresses.</param>
internal sealed record Arm(string Name, MeasuredServer? Server, IReadOnlyList<Uri> Workers)
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

    /// <summary>A second gateway, with another policy than the one that is measured.</summary>
    public static string GatewayWith(string policy) => $"{Gateway}, {policy}";

    public Uri Address(Workload workload) => Server?.Urls[0] ?? Workers[workload.Worker];
}
