using Akka.Actor;
using Akka.TestKit.Xunit2;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Engines;

/// <summary>The gRPC side with real servers: the standard health service, protocol detection, and kill and revive.</summary>
public sealed class GrpcConnectionTests() : TestKit("akka.loglevel = OFF")
{
    private static readonly ProbePlan Plan = new("/health", TimeSpan.FromSeconds(10), ApiKey: null, Discover: true);

    private readonly EngineConnector _connector = new(TimeSpan.FromSeconds(5), maxConcurrentProbes: 8);

    [Fact]
    public async Task A_serving_engine_is_healthy()
    {
        await using var server = await StartGrpcAsync();
        var (client, result) = await _connector.ConnectAsync(WorkerUrl.Parse($"grpc://127.0.0.1:{server.Port}"), Plan, CancellationToken.None);
        Assert.Equal((ProbeOutcome.Healthy, ConnectionMode.Grpc), (result.Outcome, client!.Mode));
        client.Dispose();
    }

    [Fact]
    public async Task An_engine_that_does_not_serve_yet_is_unhealthy()
    {
        await using var server = await StartGrpcAsync(HealthStatus.Unhealthy);
        var (client, result) = await _connector.ConnectAsync(WorkerUrl.Parse($"grpc://127.0.0.1:{server.Port}"), Plan, CancellationToken.None);
        Assert.Null(client);
        Assert.Equal(ProbeOutcome.Unhealthy, result.Outcome);
    }

    [Fact]
    public async Task Nobody_listening_is_unreachable()
    {
        int port;
        await using (var server = await StartGrpcAsync())
            port = server.Port;
        var (client, result) = await _connector.ConnectAsync(WorkerUrl.Parse($"grpc://127.0.0.1:{port}"), Plan, CancellationToken.None);
        Assert.Null(client);
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
    }

    [Fact]
    public async Task An_address_without_a_scheme_is_detected_as_grpc()
    {
        await using var server = await StartGrpcAsync();
        var (client, _) = await _connector.ConnectAsync(WorkerUrl.Parse($"127.0.0.1:{server.Port}"), Plan, CancellationToken.None);
        Assert.Equal(ConnectionMode.Grpc, client!.Mode);
        client.Dispose();
    }

    [Fact]
    public async Task An_address_without_a_scheme_is_detected_as_http()
    {
        await using var server = await StubServer.StartAsync(static app => app.MapGet("/health", () => Results.Ok()));
        var (client, _) = await _connector.ConnectAsync(WorkerUrl.Parse($"127.0.0.1:{server.Port}"), Plan, CancellationToken.None);
        Assert.Equal(ConnectionMode.Http, client!.Mode);
        client.Dispose();
    }

    [Fact]
    public async Task A_killed_engine_comes_back_as_a_new_incarnation_with_a_new_client()
    {
        var view = RegistryView.Create(out var publisher);
        var settings = new RegistrySettings
        {
            Health = new HealthSettings
            {
                Interval = TimeSpan.FromMilliseconds(50),
                RetryBackoff = TimeSpan.FromMilliseconds(20),
                MaxRetryBackoff = TimeSpan.FromMilliseconds(200),
            },
        };
        var registry = Sys.ActorOf(RegistryActor.Props(publisher, settings, _connector, TimeProvider.System), "registry");
        var server = await StartGrpcAsync();
        var port = server.Port;
        registry.Tell(new Register(Make.Spec($"grpc://127.0.0.1:{port}", "m"), WorkerOrigin.Api), TestActor);
        var id = ExpectMsg<Accepted>().Id;
        WorkerEntry Entry() => view.Current.Workers[id];
        AwaitAssert(() => Assert.Equal(WorkerState.Ready, Entry().State), TimeSpan.FromSeconds(20));
        var old = Entry().Worker;

        await server.DisposeAsync();
        AwaitAssert(() => Assert.NotEqual(WorkerState.Ready, Entry().State), TimeSpan.FromSeconds(20));
        await using var revived = await StartGrpcAsync(port: port);
        AwaitAssert(() => Assert.Equal(WorkerState.Ready, Entry().State), TimeSpan.FromSeconds(20));

        var young = Entry().Worker;
        Assert.True(young.Epoch > old.Epoch);
        Assert.NotSame(old.Client, young.Client);
        Assert.True(old.IsClosed);
        Assert.Same(young, Assert.Single(view.Current.FindModel("m"u8)!.Ready.ToArray()));
    }

    private static Task<StubServer> StartGrpcAsync(HealthStatus status = HealthStatus.Healthy, int port = 0) => StubServer.StartAsync(
        static app => app.MapGrpcHealthChecksService(),
        HttpProtocols.Http2,
        services =>
        {
            services.AddGrpc();
            services.AddGrpcHealthChecks(static health => health.Services.Map("", static _ => true))
                .AddCheck("engine", () => new HealthCheckResult(status));
            services.Configure<HealthCheckPublisherOptions>(static publisher => publisher.Delay = TimeSpan.Zero);
        },
        port);
}
