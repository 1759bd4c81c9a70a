using Gateway.Host.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Host.Observability.Traces;

/// <summary>Sends the spans of sampled requests to a collector while the gateway runs, in batches and off the request path.</summary>
internal sealed class TraceExport(RequestTracer tracer, GatewayOptions options) : IHostedService, IDisposable
{
    private TracerProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (tracer.Source is not { } source)
            return Task.CompletedTask;
        var exporter = new OtlpExporterOptions
        {
            Endpoint = new Uri(options.Traces.Endpoint ?? options.Metrics.OtlpEndpoint ?? TraceOptions.DefaultEndpoint),
            Protocol = OtlpExportProtocol.Grpc,
        };
        _provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(static resource => resource.AddService("model-gateway", serviceVersion: HelpText.Version))
            .AddSource(source.Name)
            // Whoever makes a span has decided already that its request is sampled.
            .SetSampler(new AlwaysOnSampler())
            .AddProcessor(new OwnSpans(source, new OtlpTraceExporter(exporter)))
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Does nothing: the requests that are ending now have their spans yet to come.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The last spans are sent now.</summary>
    public void Dispose() => _provider?.Dispose();
}
