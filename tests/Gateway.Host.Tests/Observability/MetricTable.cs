using System.Diagnostics.Metrics;
using System.Text;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;
using Gateway.Host.Observability.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.Observability;

/// <summary>The metrics as <c>docs/metrics.md</c> lists them, made from the instruments that a gateway has.</summary>
internal static class MetricTable
{
    public const string Begin = "<!-- metrics: begin -->";
    public const string End = "<!-- metrics: end -->";

    private static readonly Lazy<Task<IReadOnlyList<Row>>> All = new(ReadAsync);

    public static Task<IReadOnlyList<Row>> RowsAsync() => All.Value;

    public static async Task<string> RenderAsync()
    {
        var page = new StringBuilder();
        foreach (var group in (await RowsAsync()).GroupBy(static row => Family(row.Name)))
        {
            page.Append("\n### ").Append(group.Key).Append("\n\n| Prometheus | OpenTelemetry | kind | what it tells |\n|---|---|---|---|\n");
            foreach (var row in group)
                page.Append("| `").Append(row.Prometheus).Append("` | `").Append(row.Name).Append("` | ").Append(row.Kind).Append(" | ").Append(row.Help).Append(" |\n");
        }

        return page.Append('\n').ToString();
    }

    private static async Task<IReadOnlyList<Row>> ReadAsync()
    {
        var options = new GatewayOptions { Metrics = new MetricsOptions { Port = 0, Names = MetricNames.Both } };
        await using var app = GatewayApplication.Create(options);
        var meter = app.Services.GetRequiredService<GatewayMeter>();
        app.Services.GetRequiredService<RequestMetrics>();
        foreach (var family in app.Services.GetServices<IMetricFamily>())
            family.Register(meter);
        return
        [
            .. meter.Instruments
                .Select(static instrument => new Row(instrument.Name, PrometheusName(instrument), KindOf(instrument), instrument.Description!))
                .OrderBy(static row => Family(row.Name), StringComparer.Ordinal)
                .ThenBy(static row => row.Name, StringComparer.Ordinal),
        ];
    }

    private static string Family(string name) => name switch
    {
        _ when name.StartsWith(GatewayMeter.SmgPrefix, StringComparison.Ordinal) => "With `--metrics-names smg` or `both`",
        _ when name.StartsWith("gen_ai.", StringComparison.Ordinal) => "OpenTelemetry's names for generative AI",
        _ => "The gateway's own",
    };

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0].Replace("Observable", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>By the rules of OpenTelemetry for Prometheus, as far as the gateway's units need them.</summary>
    private static string PrometheusName(Instrument instrument)
    {
        var kind = KindOf(instrument);
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            "1" when kind == "gauge" => "_ratio",
            _ => "",
        };
        var name = instrument.Name.Replace('.', '_') + unit;
        return kind == "counter" && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    internal sealed record Row(string Name, string Prometheus, string Kind, string Help);
}
