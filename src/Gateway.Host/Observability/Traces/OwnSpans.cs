using System.Diagnostics;
using OpenTelemetry;

namespace Gateway.Host.Observability.Traces;

/// <summary>Sends one gateway's spans: several gateways may live in one process, and OpenTelemetry tells their sources apart by the name alone.</summary>
internal sealed class OwnSpans(ActivitySource source, BaseExporter<Activity> exporter)
    : BatchActivityExportProcessor(exporter, scheduledDelayMilliseconds: LongestDelay)
{
    /// <summary>Milliseconds that a span waits for others: whoever tries something out wants to see it at once.</summary>
    private const int LongestDelay = 1000;

    public override void OnEnd(Activity data)
    {
        if (data.Source == source)
            base.OnEnd(data);
    }
}
