using static Gateway.Host.Configuration.OptionDefinition;
using static Gateway.Host.Configuration.OptionGroup;
using static Gateway.Host.Configuration.ValueFormats;

namespace Gateway.Host.Configuration;

/// <summary>The part of the <see cref="OptionCatalog"/> that says where metrics can be read.</summary>
internal static class MetricsFlags
{
    private static readonly IReadOnlyList<(string, MetricNames)> Names =
    [
        ("gateway", MetricNames.Gateway),
        ("smg", MetricNames.Smg),
        ("both", MetricNames.Both),
    ];

    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Single(OptionGroup.Metrics, "metrics-port", Optional(Integer(0, 65535)), o => o.Metrics.Port, (o, v) => With(o, o.Metrics with { Port = v }),
            "TCP port at which Prometheus finds /metrics, usually 29000; 0 takes any free one. Without it there is none."),
        Single(OptionGroup.Metrics, "metrics-host", ListenAddress, o => o.Metrics.Host, (o, v) => With(o, o.Metrics with { Host = v }),
            "Address for it."),
        Single(OptionGroup.Metrics, "metrics-names", OneOf("NAMES", "set of names", Names), o => o.Metrics.Names, (o, v) => With(o, o.Metrics with { Names = v }),
            "gateway, smg for dashboards that were made for the Shepherd Model Gateway, or both."),
        Single(OptionGroup.Metrics, "otlp-endpoint", CollectorUrl, o => o.Metrics.OtlpEndpoint, (o, v) => With(o, o.Metrics with { OtlpEndpoint = v }),
            "OpenTelemetry collector to send metrics to over gRPC, such as http://localhost:4317."),
        Single(OptionGroup.Metrics, "otlp-interval-secs", Seconds(1, 3600), o => o.Metrics.OtlpInterval, (o, v) => With(o, o.Metrics with { OtlpInterval = v }),
            "How often they are sent."),
    ];

    private static GatewayOptions With(GatewayOptions options, MetricsOptions metrics) => options with { Metrics = metrics };
}
