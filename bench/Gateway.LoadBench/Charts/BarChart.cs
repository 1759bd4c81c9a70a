using System.Globalization;
using System.Security;
using System.Text;

namespace Gateway.LoadBench.Charts;

/// <summary>
/// Bars with their spread, as an SVG picture that needs nothing but itself. It has a ground of its own, light or dark as the reader's screen
/// is, so that it can be read on any page.
/// </summary>
internal static class BarChart
{
    private const double Width = 760;
    private const double Margin = 20;
    private const double TitleHeight = 44;
    private const double PanelTitleHeight = 30;
    private const double RowHeight = 24;
    private const double BarHeight = 14;
    private const double PlotLeft = 180;
    private const double PlotRight = 550;

    /// <summary>A whisker may go beyond the longest bar by so much; what is longer is cut, or one bad round would make all bars short.</summary>
    private const double Headroom = 1.25;

    /// <summary>A bar that is more often as long as the next one is cut, or there would be nothing to see of the others.</summary>
    private const double LongestRatio = 4;

    private const double CutWidth = 6;

    private const string Style = """
        <style>
          text { font: 13px system-ui, sans-serif; fill: #24292f }
          .title { font-size: 16px; font-weight: 600 }
          .panel { font-weight: 600 }
          .value { fill: #57606a }
          .ground { fill: #f6f8fa }
          .bar { fill: #9aa4af }
          .ours { fill: #2f81f7 }
          .cut { stroke: #f6f8fa; stroke-width: 4; fill: none }
          .axis, .whisker { stroke: #57606a; fill: none }
          @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3 }
            .value { fill: #a5b0bb }
            .ground { fill: #161b22 }
            .bar { fill: #6e7681 }
            .cut { stroke: #161b22 }
            .axis, .whisker { stroke: #c2cad2 }
          }
        </style>
        """;

    public static string Render(string title, IReadOnlyList<Panel> panels)
    {
        var height = TitleHeight + panels.Sum(static panel => PanelTitleHeight + (panel.Bars.Count * RowHeight)) + Margin;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" role="img">""").Append('\n');
        svg.Append("<title>").Append(Escape(title)).Append("</title>\n").Append(Style).Append('\n');
        svg.Append(CultureInfo.InvariantCulture, $"""<rect class="ground" width="{Width}" height="{height}" rx="8"/>""").Append('\n');
        Text(svg, "title", Margin, Margin + 12, title);
        var top = TitleHeight;
        foreach (var panel in panels)
        {
            Draw(svg, panel, top);
            top += PanelTitleHeight + (panel.Bars.Count * RowHeight);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, Panel panel, double top)
    {
        Text(svg, "panel", Margin, top + 20, panel.Title);
        var (low, high) = Range(panel.Bars);
        double X(double value) => PlotLeft + ((Math.Clamp(value, low, high) - low) / (high - low) * (PlotRight - PlotLeft));
        var first = top + PanelTitleHeight;
        for (var row = 0; row < panel.Bars.Count; row++)
        {
            var (name, spread, isOurs) = panel.Bars[row];
            var middle = first + ((row + 0.5) * RowHeight);
            Text(svg, isOurs ? "panel" : "name", Margin, middle + 4, name);
            Text(svg, "value", PlotRight + 16, middle + 4, spread.Text(panel.Format));
            if (!spread.IsKnown)
                continue;
            var (zero, end) = (X(0), X(spread.Median));
            svg.Append(CultureInfo.InvariantCulture, $"""<rect class="{(isOurs ? "ours" : "bar")}" x="{Math.Min(zero, end):0.#}" y="{middle - (BarHeight / 2):0.#}" width="{Math.Abs(end - zero):0.#}" height="{BarHeight}"/>""").Append('\n');
            if (spread.Median > high)
            {
                svg.Append(CultureInfo.InvariantCulture, $"""<path class="cut" d="M{PlotRight - (4 * CutWidth):0.#} {middle + (BarHeight / 2) + 1:0.#}l{CutWidth} {-BarHeight - 2}"/>""").Append('\n');
                continue;
            }

            svg.Append(CultureInfo.InvariantCulture, $"""<path class="whisker" d="M{X(spread.Least):0.#} {middle:0.#}H{X(spread.Most):0.#}""");
            foreach (var tip in new[] { spread.Least, spread.Most }.Where(tip => tip >= low && tip <= high))
                svg.Append(CultureInfo.InvariantCulture, $"M{X(tip):0.#} {middle - 4:0.#}v8");
            svg.Append("\"/>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"""<path class="axis" d="M{X(0):0.#} {first:0.#}v{panel.Bars.Count * RowHeight:0.#}"/>""").Append('\n');
    }

    /// <summary>Of values that are drawn whole; zero is always among them.</summary>
    private static (double Low, double High) Range(IReadOnlyList<Bar> bars)
    {
        double[] medians = [0, .. bars.Where(static bar => bar.Spread.IsKnown).Select(static bar => bar.Spread.Median).Order()];
        var (longest, next) = (medians.Max(), medians.Length > 2 ? medians[^2] : 0);
        var (low, high) = (medians.Min() * Headroom, (next > 0 && longest > LongestRatio * next ? next : longest) * Headroom);
        return low == high ? (0, 1) : (low, high);
    }

    private static void Text(StringBuilder svg, string kind, double x, double y, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"""<text class="{kind}" x="{x:0.#}" y="{y:0.#}">{Escape(text)}</text>""").Append('\n');

    private static string Escape(string text) => SecurityElement.Escape(text);
}

/// <summary>Bars with a scale of their own.</summary>
/// <param name="Title">What they show, with its unit.</param>
/// <param name="Format">Of their numbers.</param>
/// <param name="Bars">From above.</param>
internal sealed record Panel(string Title, string Format, IReadOnlyList<Bar> Bars);

/// <param name="Name">Whose.</param>
/// <param name="Spread">How much; unknown makes no bar.</param>
/// <param name="IsOurs">Whether it is the one that the reader looks for.</param>
internal sealed record Bar(string Name, Spread Spread, bool IsOurs);
