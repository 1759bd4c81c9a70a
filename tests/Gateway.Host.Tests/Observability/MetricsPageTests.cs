using System.Text.RegularExpressions;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Documentation;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Observability;

public sealed partial class MetricsPageTests
{
    private const string ModelLabel = "gen_ai_request_model";

    [Fact]
    public async Task The_page_lists_every_metric_as_the_code_has_it()
    {
        var page = RepositoryFile.Read("docs/metrics.md");
        var expected = await MetricTable.RenderAsync();
        var begin = page.IndexOf(MetricTable.Begin, StringComparison.Ordinal);
        var end = page.IndexOf(MetricTable.End, StringComparison.Ordinal);

        Assert.True(begin >= 0 && end > begin, $"docs/metrics.md must contain {MetricTable.Begin} and then {MetricTable.End}");
        var listed = page[(begin + MetricTable.Begin.Length)..end];
        Assert.True(listed.Trim() == expected.Trim(), $"Put this between the two markers of docs/metrics.md:\n{expected}");
    }

    [Fact]
    public async Task What_Prometheus_is_given_has_the_names_of_the_page()
    {
        var options = new GatewayOptions { Metrics = new MetricsOptions { Port = 0, Host = "127.0.0.1", Names = MetricNames.Both } };
        await using var engine = await EngineStandIn.StartAsync(static context => EngineStandIn.StreamAsync(
            context, "data: {\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":3}}\n\n", "data: [DONE]\n\n"));
        await using var gateway = await TestGateway.StartAsync(options, engine);
        using (var response = await gateway.ChatAsync(stream: true))
            await response.Content.ReadAsStringAsync();

        var scrape = await Scrape.WhenAsync(gateway, static scrape => scrape.Has("smg_router_ttft_seconds_count"));

        var known = (await MetricTable.RowsAsync()).Select(static row => row.Prometheus).ToHashSet();
        Assert.Empty(scrape.Names.Select(Plain).Where(static name => name != "target_info").Except(known));
        Assert.Equal(1, scrape.Sum("smg_router_requests_total", $"model={TestGateway.Model}", "streaming=true"));
        Assert.Equal(3, scrape.Sum("smg_router_tokens_total", "token_type=output"));
        Assert.Equal(1, scrape.Sum("smg_worker_health"));
        Assert.Equal(1, scrape.Sum("smg_worker_pool_size", "connection_mode=http"));
    }

    [Theory]
    [InlineData(MetricNames.Gateway, true, false)]
    [InlineData(MetricNames.Smg, false, true)]
    [InlineData(MetricNames.Both, true, true)]
    public async Task Names_are_given_out_as_chosen(MetricNames names, bool ours, bool smg)
    {
        var options = new GatewayOptions { Metrics = new MetricsOptions { Port = 0, Host = "127.0.0.1", Names = names } };
        await using var gateway = await TestGateway.StartAsync(options);

        var scrape = await Scrape.OfAsync(gateway);

        Assert.Equal(ours, scrape.Has("gateway_queue_depth"));
        Assert.Equal(smg, scrape.Has("smg_scheduler_queue_depth"));
    }

    [Theory]
    [InlineData("deploy/grafana/model-gateway.json")]
    [InlineData("deploy/grafana/alerts.yaml")]
    public async Task Dashboard_and_alerts_ask_for_metrics_that_there_are(string file)
    {
        var known = (await MetricTable.RowsAsync()).Select(static row => row.Prometheus).ToHashSet();
        var asked = Name().Matches(RepositoryFile.Read(file)).Select(static match => Plain(match.Value)).ToHashSet();

        asked.Remove(ModelLabel);
        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(known));
    }

    private static string Plain(string name) => Suffix().Replace(name, "");

    [GeneratedRegex("\\b(gateway|gen_ai)_[a-z0-9_]+\\b")]
    private static partial Regex Name();

    [GeneratedRegex("_(bucket|count|sum)$")]
    private static partial Regex Suffix();
}
