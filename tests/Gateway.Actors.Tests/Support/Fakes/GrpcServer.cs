using Gateway.Actors.Engines;
using Gateway.Actors.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Actors.Tests.Support.Fakes;

/// <summary>Real gRPC servers with a fake engine each, and clients of them.</summary>
internal static class GrpcServer
{
    public static ProbePlan Plan { get; } = new("/health", TimeSpan.FromSeconds(10), ApiKey: null, Discover: true);

    /// <param name="engine">The engine's service; null for a server with nothing but the health service.</param>
    /// <param name="health">What the standard health service answers; null for a server without it.</param>
    /// <param name="port">0 for a free one.</param>
    public static Task<StubServer> StartAsync<TEngine>(TEngine? engine, HealthStatus? health = HealthStatus.Healthy, int port = 0)
        where TEngine : class => StubServer.StartAsync(
        app =>
        {
            if (engine is not null)
                app.MapGrpcService<TEngine>();
            if (health is not null)
                app.MapGrpcHealthChecksService();
        },
        HttpProtocols.Http2,
        services =>
        {
            services.AddGrpc();
            if (engine is not null)
                services.AddSingleton(engine);
            if (health is not { } status)
                return;
            services.AddGrpcHealthChecks(static health => health.Services.Map("", static _ => true))
                .AddCheck("engine", () => new HealthCheckResult(status));
            services.Configure<HealthCheckPublisherOptions>(static publisher => publisher.Delay = TimeSpan.Zero);
        },
        port);

    public static Uri AddressOf(StubServer server) => new($"http://127.0.0.1:{server.Port}/");

    /// <summary>A client that has found out which engine it is.</summary>
    public static async Task<GrpcEngineClient> ConnectAsync(StubServer server, Secret? apiKey = null)
    {
        var client = new GrpcEngineClient(AddressOf(server), TimeSpan.FromSeconds(5));
        var result = await client.ProbeAsync(Plan with { HealthEndpoint = null, ApiKey = apiKey }, CancellationToken.None);
        Assert.Equal((ProbeOutcome.Healthy, ""), (result.Outcome, result.Reason));
        return client;
    }
}
