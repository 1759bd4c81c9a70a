using Gateway.Actors.Cluster;
using Gateway.Actors.Workers;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;
using Microsoft.AspNetCore.Builder;

namespace Gateway.LoadBench.Servers;

/// <summary>The product, put together by its own composition, with its own defaults. Only the log is less talkative, as YARP's is.</summary>
internal static class GatewayServer
{
    /// <param name="policy">How it picks workers.</param>
    /// <param name="workers">URLs of all workers; the gateway asks them which model they serve.</param>
    /// <param name="limits">What it admits; null for its defaults, which no bench reaches.</param>
    /// <param name="tokenizer">File of the tokenizer for workers that take tokens.</param>
    /// <param name="cluster">Null for none.</param>
    /// <param name="metrics">Null measures nothing.</param>
    /// <param name="traces">Null traces nothing.</param>
    public static WebApplication Create(
        string policy,
        string[] workers,
        LimitOptions? limits = null,
        string? tokenizer = null,
        ClusterOptions? cluster = null,
        MetricsOptions? metrics = null,
        TraceOptions? traces = null) => GatewayApplication.Create(new GatewayOptions
        {
            Listen = Anywhere,
            Fleet = new FleetOptions { WorkerUrls = [.. workers.Select(WorkerUrl.Parse)], Policy = policy },
            Limits = limits ?? new LimitOptions(),
            Text = new TextOptions { TokenizerPath = tokenizer },
            Cluster = cluster ?? new ClusterOptions(),
            Metrics = metrics ?? new MetricsOptions(),
            Traces = traces ?? new TraceOptions(),
            Log = new LogOptions { Level = "warn" },
        });

    /// <summary>A cluster of one gateway: it writes down all that peers would be told, and tells nobody.</summary>
    public static ClusterOptions Alone => new()
    {
        IsEnabled = true,
        IsPlaintext = true,
        Host = "127.0.0.1",
        Port = 0,
        Peers = [new PeerAddress("127.0.0.1", 4053)],
        Quorum = 1,
    };

    /// <param name="policy">How it picks workers.</param>
    /// <param name="workersFile">Followed, with the defaults.</param>
    public static WebApplication Following(string policy, string workersFile) => GatewayApplication.Create(new GatewayOptions
    {
        Listen = Anywhere,
        Fleet = new FleetOptions { WorkersFile = workersFile, Policy = policy },
        Security = new SecurityOptions { DisableAuditLog = true },
        Log = new LogOptions { Level = "warn" },
    });

    private static ListenOptions Anywhere => new() { Host = "127.0.0.1", Port = 0 };
}
