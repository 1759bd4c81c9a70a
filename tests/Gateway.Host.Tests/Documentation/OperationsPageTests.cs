using System.Text.RegularExpressions;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Documentation.Pages;

namespace Gateway.Host.Tests.Documentation;

/// <summary>What operators are told to look at is there to be looked at.</summary>
public sealed partial class OperationsPageTests
{
    public static TheoryData<string> Pages => [.. MarkdownPage.All().Where(static path => path.StartsWith("docs/operations", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_metric_that_the_page_names_is_one_of_the_list(string path)
    {
        var listed = RepositoryFile.Read("docs/metrics.md");

        // One name is that of an error.
        Assert.All(Metric().Matches(RepositoryFile.Read(path)).Where(static metric => metric.Groups["name"].Value != "gateway_draining"), metric => Assert.Contains($"| `{metric.Groups["name"].Value}` |", listed, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_alert_that_the_page_names_is_one_of_the_rules(string path)
    {
        var rules = RepositoryFile.Read("deploy/grafana/alerts.yaml");

        Assert.All(Alert().Matches(RepositoryFile.Read(path)), alert => Assert.Contains($"alert: {alert.Groups["name"].Value}\n", rules, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_option_that_the_page_names_is_in_the_catalog(string path) => Assert.All(
        Option().Matches(MarkdownPage.Read(path).Prose).Select(static match => match.Groups["name"].Value).Distinct(),
        static name => Assert.True(name == "dp-size" || OptionCatalog.Find(name) is not null, name));

    [Fact]
    public void Each_alert_is_told_of_with_the_failures()
    {
        var page = RepositoryFile.Read("docs/operations/failure-modes.md");

        Assert.All(Rule().Matches(RepositoryFile.Read("deploy/grafana/alerts.yaml")), rule => Assert.Contains($"`{rule.Groups["name"].Value}`", page, StringComparison.Ordinal));
    }

    [GeneratedRegex("`(?<name>(?:gateway|gen_ai)_[a-z_]+)`")]
    private static partial Regex Metric();

    [GeneratedRegex("`(?<name>ModelGateway[A-Z][A-Za-z]+)`")]
    private static partial Regex Alert();

    /// <summary>Names that end as options do; other words with dashes are headers and labels. One is an engine's.</summary>
    [GeneratedRegex("`(?:--)?(?<name>[a-z][a-z0-9]*(?:-[a-z0-9]+)*-(?:secs|ms|size|threshold|path|file|memory|requests|retries|rate|port|host|ratio|dir))`")]
    private static partial Regex Option();

    [GeneratedRegex("alert: (?<name>[A-Za-z]+)")]
    private static partial Regex Rule();
}
