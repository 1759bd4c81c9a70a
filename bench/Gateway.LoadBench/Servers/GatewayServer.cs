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
    /// <param name="metrics">Null measures nothing.</param>
    public static WebApplication Create(
        string policy, string[] workers, LimitOptions? limits = null, string? tokenizer = null, MetricsOptions? metrics = null) => GatewayApplication.Create(new GatewayOptions
        {
            Listen = new ListenOptions { Host = "127.0.0.1", Port = 0 },
            Fleet = new FleetOptions { WorkerUrls = [.. workers.Select(WorkerUrl.Parse)], Policy = policy },
            Limits = limits ?? new LimitOptions(),
            Text = new TextOptions { TokenizerPath = tokenizer },
            Metrics = metrics ?? new MetricsOptions(),
            Log = new LogOptions { Level = "warn" },
        });
}
