using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Host.Observability.Metrics;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Observability;

/// <summary>What Prometheus sees of a gateway.</summary>
internal sealed partial class Scrape
{
    private readonly List<Sample> _samples = [];

    private Scrape(string text)
    {
        Text = text;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
                continue;
            var match = Line().Match(line);
            Assert.True(match.Success, $"'{line}' is no sample");
            var labels = Label().Matches(match.Groups["labels"].Value)
                .ToDictionary(static label => label.Groups["name"].Value, static label => label.Groups["value"].Value, StringComparer.Ordinal);
            _samples.Add(new Sample(
                match.Groups["name"].Value, labels, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)));
        }
    }

    public string Text { get; }

    public IEnumerable<string> Names => _samples.Select(static sample => sample.Name).Distinct();

    public static Task<Scrape> OfAsync(TestGateway gateway) => OfAsync(gateway.Export);

    public static async Task<Scrape> OfAsync(MetricsExport export)
    {
        using var client = new HttpClient();
        return new Scrape(await client.GetStringAsync(new Uri(export.Address!, "/metrics")));
    }

    /// <summary>Looks again and again until a condition holds; fails the test if it never does.</summary>
    public static Task<Scrape> WhenAsync(TestGateway gateway, Func<Scrape, bool> condition) => WhenAsync(gateway.Export, condition);

    /// <inheritdoc cref="WhenAsync(TestGateway, Func{Scrape, bool})"/>
    public static async Task<Scrape> WhenAsync(MetricsExport export, Func<Scrape, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var scrape = await OfAsync(export);
            if (condition(scrape))
                return scrape;
            Assert.False(limit.IsCancellationRequested, $"waited in vain; the last scrape was:\n{scrape.Text}");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    /// <summary>The sum of a metric's samples that have these labels, each as name=value; 0 if there are none.</summary>
    public double Sum(string name, params string[] labels) => _samples
        .Where(sample => sample.Name == name && labels.All(sample.Has))
        .Sum(static sample => sample.Value);

    public bool Has(string name) => _samples.Exists(sample => sample.Name == name);

    [GeneratedRegex("^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?<labels>.*)\\})? (?<value>[^ ]+)( [0-9]+)?$")]
    private static partial Regex Line();

    [GeneratedRegex("(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<value>(\\\\.|[^\"])*)\"")]
    private static partial Regex Label();

    private sealed record Sample(string Name, Dictionary<string, string> Labels, double Value)
    {
        public bool Has(string label)
        {
            var at = label.IndexOf('=', StringComparison.Ordinal);
            return Labels.GetValueOrDefault(label[..at]) == label[(at + 1)..];
        }
    }
}
