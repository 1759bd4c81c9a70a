using static Gateway.Host.Configuration.OptionDefinition;
using static Gateway.Host.Configuration.ValueFormats;

namespace Gateway.Host.Configuration;

/// <summary>The part of the <see cref="OptionCatalog"/> that says which requests are traced.</summary>
internal static class TraceFlags
{
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Single(OptionGroup.Traces, "enable-trace", Switch, o => o.Traces.IsEnabled, (o, v) => With(o, o.Traces with { IsEnabled = v }),
            "Sends traces of requests, with a span for each attempt, to an OpenTelemetry collector."),
        Single(OptionGroup.Traces, "otlp-traces-endpoint", CollectorUrl, o => o.Traces.Endpoint, (o, v) => With(o, o.Traces with { Endpoint = v }),
            $"The collector, over gRPC; by default that of otlp-endpoint, else {TraceOptions.DefaultEndpoint}."),
        Single(OptionGroup.Traces, "trace-sample-ratio", Ratio, o => o.Traces.SampleRatio, (o, v) => With(o, o.Traces with { SampleRatio = v }),
            "Share of requests that are traced; for those that come with a traceparent, the client has decided."),
        Single(OptionGroup.Traces, "trace-prompts", Switch, o => o.Traces.RecordsPrompts, (o, v) => With(o, o.Traces with { RecordsPrompts = v }),
            "Puts the beginnings of prompts into traces. Answers are never in them."),
    ];

    private static GatewayOptions With(GatewayOptions options, TraceOptions traces) => options with { Traces = traces };
}
