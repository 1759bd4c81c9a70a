using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace Gateway.LoadBench.Servers;

/// <summary>
/// YARP as a bare reverse proxy, as lean as it can be configured: no forwarded-for headers, no health checks, no affinity. Kestrel's
/// limits, the connections to the workers and the log are set as the gateway sets its own; Kestrel's blocks and the thread pool are as .NET
/// has them. It picks the workers by the path, as it does not read bodies.
/// </summary>
internal static class YarpServer
{
    /// <param name="workers">The paced workers first, the others after; as many of each.</param>
    public static WebApplication Create(string[] workers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        var half = workers.Length / 2;
        builder.Services.AddReverseProxy()
            .LoadFromMemory(
                [Route("paced", "/v1/chat/completions"), Route("burst", "/v1/completions")],
                [Cluster("paced", workers[..half]), Cluster("burst", workers[half..])])
            .AddTransforms(static transforms => transforms.UseDefaultForwarders = false)
            .ConfigureHttpClient(static (_, handler) =>
            {
                handler.ActivityHeadersPropagator = null;
                handler.ConnectTimeout = TimeSpan.FromSeconds(10);
                handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4);
                handler.MaxResponseDrainSize = 0;
            });
        var app = builder.Build();
        app.MapReverseProxy();
        return app;
    }

    private static RouteConfig Route(string cluster, string path) =>
        new() { RouteId = cluster, ClusterId = cluster, Match = new RouteMatch { Path = path } };

    private static ClusterConfig Cluster(string id, string[] workers) => new()
    {
        ClusterId = id,
        LoadBalancingPolicy = "PowerOfTwoChoices",
        Destinations = workers.ToDictionary(static url => url, static url => new DestinationConfig { Address = url }),
    };
}
