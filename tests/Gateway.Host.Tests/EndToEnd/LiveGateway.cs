using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

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

    public static async Task<LiveGateway> StartAsync(int engines, SimulatorOptions engine, Func<GatewayOptions, GatewayOptions>? configure = null) =>
        await StartAsync(engines == 0 ? await SimulatedFleet.StartAsync([]) : await SimulatedFleet.StartAsync(engines, engine), configure);

    /// <summary>So many engines for each half of a generation.</summary>
    public static async Task<LiveGateway> StartPairsAsync(
        int prefill, int decode, Func<GatewayOptions, GatewayOptions>? configure = null, EngineTimings? timings = null, int ranks = 1)
    {
        var options = new SimulatorOptions { Timings = timings ?? EngineTimings.Default, DataParallelSize = ranks };
        return await StartAsync(
            await SimulatedFleet.StartAsync(
            [
                .. Enumerable.Range(0, prefill).Select(i => options with { Role = SimulatorRole.Prefill, Name = $"prefill-{i}" }),
                .. Enumerable.Range(0, decode).Select(i => options with { Role = SimulatorRole.Decode, Name = $"decode-{i}" }),
            ]),
            configure);
    }

    /// <summary>Over engines that speak whatever they were started with; they are the gateway's from here on.</summary>
    public static async Task<LiveGateway> StartAsync(SimulatedFleet fleet, Func<GatewayOptions, GatewayOptions>? configure)
    {
        var options = new GatewayOptions
        {
            Listen = new ListenOptions { Host = "127.0.0.1", Port = 0 },
            Fleet = new FleetOptions { Workers = [.. fleet.Workers.Select(SpecOf)] },
            Health = QuickHealth,
            Log = new LogOptions { Level = "error" },
        };
        var app = GatewayApplication.Create(configure?.Invoke(options) ?? options);
        await app.StartAsync();
        var gateway = new LiveGateway(app, fleet);
        await Eventually.HoldsAsync(() => gateway.Ready == fleet.Workers.Count, "all workers are ready");
        return gateway;
    }

    private static WorkerSpec SpecOf(SimulatedWorker engine) => new()
    {
        Url = WorkerUrl.Parse((engine.GrpcUrl ?? engine.Url).ToString()),
        Role = Enum.Parse<WorkerRole>(engine.Options.Role.ToString()),
        BootstrapPort = engine.BootstrapPort,
    };

    public int Ready => View.Current.Workers.Values.Count(static entry => entry.State == WorkerState.Ready);

    /// <summary>Keeps what is logged from now on, on the level that operators have by default; the console stays as quiet as it is.</summary>
    public CapturedLogs CaptureLogs()
    {
        var logs = new CapturedLogs();
        var filters = _app.Services.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>().CurrentValue;
        filters.Rules.Add(new LoggerFilterRule(typeof(CapturedLogs).FullName, "Gateway.Host", LogLevel.Information, null));
        filters.Rules.Add(new LoggerFilterRule(typeof(CapturedLogs).FullName, null, LogLevel.None, null));
        // Loggers that exist already ask the filters again when there is one provider more.
        _app.Services.GetRequiredService<ILoggerFactory>().AddProvider(logs);
        return logs;
    }

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
