using System.Diagnostics.Tracing;
using System.Globalization;
using Gateway.Host.Configuration;

namespace Gateway.Host.Observability;

/// <summary>
/// Says in the log that a collector does not take what it is sent. OpenTelemetry keeps that to itself otherwise: it tells only those who
/// listen to its event source.
/// </summary>
internal sealed partial class CollectorLog(GatewayOptions options, TimeProvider time, ILogger<CollectorLog> log) : IHostedService, IDisposable
{
    /// <summary>A collector that is away fails every batch, for hours perhaps.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Listener? _listener;
    private long? _toldAt;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Traces.IsEnabled || options.Metrics.OtlpEndpoint is not null)
            _listener = new Listener(Tell);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener?.Dispose();

    private void Tell(string complaint)
    {
        lock (_lock)
        {
            if (_toldAt is { } then && time.GetElapsedTime(then) < Pause)
                return;
            _toldAt = time.GetTimestamp();
        }

        LogComplaint(complaint);
    }

    [LoggerMessage(1, LogLevel.Warning, "Metrics or traces are lost, which is said once a minute: {Reason}")]
    private partial void LogComplaint(string reason);

    /// <summary>Hears what the exporters of this process complain of. It may be called before its constructor has ended.</summary>
    private sealed class Listener(Action<string> tell) : EventListener
    {
        private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == Exporter)
                EnableEvents(eventSource, EventLevel.Warning);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.Message is not { } message)
                return;
            var text = string.Format(CultureInfo.InvariantCulture, message, eventData.Payload?.ToArray() ?? []);
            // An exception's stack trace stands behind its first line.
            var end = text.AsSpan().IndexOfAny('\r', '\n');
            tell?.Invoke(end < 0 ? text : text[..end]);
        }
    }
}
