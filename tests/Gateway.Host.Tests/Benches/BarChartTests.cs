using System.Globalization;
using System.Xml.Linq;
using Gateway.LoadBench.Charts;

namespace Gateway.Host.Tests.Benches;

public sealed class BarChartTests
{
    [Fact]
    public void Bars_are_as_long_as_their_medians_are_large()
    {
        var bars = Bars(Draw(new Spread(10, 10, 10), new Spread(20, 20, 20)));
        Assert.Equal(2, bars[1] / bars[0], 2);
    }

    [Fact]
    public void A_bar_of_a_negative_figure_lies_on_the_other_side_of_the_axis()
    {
        var chart = Draw(new Spread(-5, -5, -5), new Spread(5, 5, 5));
        var axis = double.Parse(Elements(chart, "path", "axis").Single().Attribute("d")!.Value[1..].Split(' ')[0], CultureInfo.InvariantCulture);
        var starts = Elements(chart, "rect", "bar").Select(static bar => (double)bar.Attribute("x")!).ToArray();
        Assert.True(starts[0] < axis);
        Assert.Equal(axis, starts[1], 1);
    }

    [Fact]
    public void A_bar_that_would_leave_nothing_of_the_others_is_cut_and_shows_it()
    {
        var chart = Draw(new Spread(1, 1, 1), new Spread(2, 2, 2), new Spread(500, 400, 600));
        Assert.Single(Elements(chart, "path", "cut"));
        Assert.True(Bars(chart)[1] > 200);
    }

    [Fact]
    public void Every_figure_is_written_out_cut_or_not()
    {
        var texts = Draw(new Spread(1, 0.5, 2), new Spread(500, 400, 600)).Descendants().Select(static each => each.Value).ToArray();
        Assert.Contains("1 (0.5–2)", texts);
        Assert.Contains("500 (400–600)", texts);
    }

    [Fact]
    public void Who_has_no_figure_has_a_dash_and_no_bar()
    {
        var chart = Draw(Spread.None, new Spread(1, 1, 1));
        Assert.Single(Elements(chart, "rect", "bar"));
        Assert.Contains("–", chart.Descendants().Select(static each => each.Value));
    }

    [Fact]
    public void Names_are_text_and_no_markup()
    {
        var chart = XDocument.Parse(BarChart.Render("a < b & c", [new Panel("p", "0", [new Bar("<x>", new Spread(1, 1, 1), IsOurs: true)])]));
        Assert.Contains("<x>", chart.Descendants().Select(static each => each.Value));
    }

    private static XDocument Draw(params Spread[] spreads) =>
        XDocument.Parse(BarChart.Render("title", [new Panel("panel", "0.#", [.. spreads.Select(static spread => new Bar("one", spread, IsOurs: false))])]));

    private static double[] Bars(XDocument chart) => [.. Elements(chart, "rect", "bar").Select(static bar => (double)bar.Attribute("width")!)];

    private static IEnumerable<XElement> Elements(XDocument chart, string name, string kind) =>
        chart.Descendants().Where(each => each.Name.LocalName == name && (string?)each.Attribute("class") == kind);
}
