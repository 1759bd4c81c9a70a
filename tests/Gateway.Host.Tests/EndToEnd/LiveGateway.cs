using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>The whole gateway as the executable composes it, on a free port, over simulated engines on ports of their own.</summary>
internal sealed class LiveGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LiveGateway(WebApplication app, SimulatedFleet engines)
    {
        _app = app;
        Engines = engines;
        View = app.Services.GetRequiredService<RegistryView>();
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(2) };
    }

    public SimulatedFleet Engines { get; }

    public RegistryView View { get; }

    public HttpClient Client { get; }

    public WebApplication App => _app;

    /// <summary>Probes and reconnects quickly, so that a test sees in a second what takes a minute in production.</summary>
    public static HealthSettings QuickHealth { get; } = new()
    {
        Interval = TimeSpan.FromMilliseconds(200),
        RetryBackoff = TimeSpan.FromMilliseconds(50),
        MaxRetryBackoff = TimeSpan.FromMilliseconds(400),
    };

    public static Task<LiveGateway> StartAsync(int engines, Func<GatewayOptions, GatewayOptions>? configure = null, EngineTimings? timings = null) =>
        StartAsync(engines, new SimulatorOptions { Timings = timings ?? EngineTimings.Default }, configure);

    public static async Task<LiveGateway> StartAsync(int engines, SimulatorOptions engine, Func<GatewayOptions, GatewayOptions>? configure = null)
    {
        var fleet = await SimulatedFleet.StartAsync(engines, engine);
        var options = new GatewayOptions
        {
            Listen = new ListenOptions { Host = "127.0.0.1", Port = 0 },
            Fleet = new FleetOptions { WorkerUrls = [.. fleet.Urls.Select(static url => WorkerUrl.Parse(url.ToString()))] },
            Health = QuickHealth,
            Log = new LogOptions { Level = "error" },
        };
        var app = GatewayApplication.Create(configure?.Invoke(options) ?? options);
        await app.StartAsync();
        var gateway = new LiveGateway(app, fleet);
        await Eventually.HoldsAsync(() => gateway.Ready == engines, "all workers are ready");
        return gateway;
    }

    public int Ready => View.Current.Workers.Values.Count(static entry => entry.State == WorkerState.Ready);

    public WorkerEntry EntryOf(SimulatedWorker engine) =>
        View.Current.Workers.Values.Single(entry => entry.Worker.Spec.Url.Address.Port == engine.Port);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Engines.DisposeAsync();
    }
}
