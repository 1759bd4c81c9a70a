using System.Diagnostics;
using Gateway.Host.Api;
using Gateway.Host.Configuration;

namespace Gateway.Host.Observability.Traces;

/// <summary>
/// Decides which requests are traced. It does so itself and before anything is made, since OpenTelemetry's samplers are asked with a span in
/// the hand: a request that is not sampled costs a look at one header, and one comparison if tracing is off.
/// </summary>
internal sealed class RequestTracer : IDisposable
{
    public const string SourceName = "ModelGateway";

    private readonly double _ratio;
    private readonly bool _recordsPrompts;

    public RequestTracer(GatewayOptions options)
    {
        (_ratio, _recordsPrompts) = (options.Traces.SampleRatio, options.Traces.RecordsPrompts);
        Source = options.Traces.IsEnabled ? new ActivitySource(SourceName, HelpText.Version) : null;
    }

    /// <summary>Where spans come from; null if nothing is traced.</summary>
    public ActivitySource? Source { get; }

    /// <param name="request">A request that has just come.</param>
    /// <param name="endpoint">Null unless it is for an engine; the gateway's own answers are not traced, nor are health checks.</param>
    /// <returns>Null if it is not sampled.</returns>
    public RequestTrace? Begin(HttpRequest request, ServedEndpoint? endpoint) =>
        Source is null || endpoint is null || endpoint == ServedEndpoint.HealthGenerate ? null : Begin(Source, request, endpoint);

    public void Dispose() => Source?.Dispose();

    private RequestTrace? Begin(ActivitySource source, HttpRequest request, ServedEndpoint endpoint)
    {
        if (!(TraceParent.IsSampled(request.Headers, out var parent) ?? Random.Shared.NextDouble() < _ratio))
            return null;
        // Whatever is current here is nobody's parent that the client knows of.
        Activity.Current = null;
        return source.StartActivity(endpoint.Path, ActivityKind.Server, parent) is { } span
            ? new RequestTrace(source, span, request, endpoint, _recordsPrompts)
            : null;
    }
}
