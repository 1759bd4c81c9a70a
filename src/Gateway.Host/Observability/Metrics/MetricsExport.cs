using Gateway.Host.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Gateway.Host.Observability.Metrics;

/// <summary>
/// Gives the metrics out while the gateway runs: to Prometheus on a port of their own, so that neither clients can read them nor a full
/// listener hide them, and to a collector.
/// </summary>
internal sealed class MetricsExport(GatewayMeter meter, IEnumerable<IMetricFamily> families, GatewayOptions options) : IHostedService, IAsyncDisposable
{
    private MeterProvider? _provider;
    private WebApplication? _listener;

    /// <summary>Where Prometheus finds them; null if nowhere.</summary>
    public Uri? Address { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Metrics.IsOn)
            return;
        foreach (var family in families)
            family.Register(meter);
        _provider = BuildProvider();
        if (options.Metrics.Port is not { } port)
            return;
        _listener = BuildListener(port, _provider);
        try
        {
            await _listener.StartAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new MetricsPortException(new ListenOptions { Host = options.Metrics.Host, Port = port }, failure);
        }

        Address = new Uri(_listener.Urls.First());
    }

    /// <summary>Does nothing: while requests end, and the gateway waits for them, is when somebody wants to look.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_listener is not null)
        {
            await _listener.StopAsync(CancellationToken.None);
            await _listener.DisposeAsync();
        }

        // The last figures are sent now.
        _provider?.Dispose();
    }

    private MeterProvider BuildProvider()
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(static resource => resource.AddService("model-gateway", serviceVersion: HelpText.Version))
            .AddMeter(GatewayMeter.Name)
            .AddView(instrument => meter.Shows(instrument) ? null : MetricStreamConfiguration.Drop);
        if (options.Metrics.Port is not null)
        {
            builder.AddPrometheusExporter(static exporter =>
            {
                // Of all series the same, and of no use to whoever reads them.
                exporter.ScopeInfoEnabled = false;
                // A test, and a person, wants to see what is and not what was.
                exporter.ScrapeResponseCacheDurationMilliseconds = 0;
            });
        }

        if (options.Metrics.OtlpEndpoint is { } collector)
        {
            builder.AddOtlpExporter((exporter, reader) =>
            {
                exporter.Endpoint = new Uri(collector);
                exporter.Protocol = OtlpExportProtocol.Grpc;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Metrics.OtlpInterval.TotalMilliseconds;
            });
        }

        return builder.Build();
    }

    private WebApplication BuildListener(int port, MeterProvider provider)
    {
        // An empty one, so that nothing which is meant for the clients' listener counts here too.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseUrls($"http://{options.Metrics.Host}:{port}");
        var app = builder.Build();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(provider, predicate: null, "/metrics", configureBranchedPipeline: null, optionsName: null);
        return app;
    }
}
