namespace Gateway.Host.Tests.Benches;

public sealed class SpreadTests
{
    [Fact]
    public void A_spread_is_the_median_between_the_least_and_the_most() =>
        Assert.Equal(new Spread(2.5, 1, 9), Spread.Of([9, 2, 1, 3]));

    [Fact]
    public void Rounds_without_a_figure_are_left_out() =>
        Assert.Equal(new Spread(2, 1, 3), Spread.Of([double.NaN, 3, 1]));

    [Fact]
    public void What_no_round_has_shown_is_a_dash() =>
        Assert.Equal("–", Spread.Of([double.NaN]).Text("0"));

    [Fact]
    public void Negative_figures_have_a_minus_that_is_no_dash() =>
        Assert.Equal("−0.20 (−0.30–0.10)", new Spread(-0.2, -0.3, 0.1).Text("0.00"));

    [Fact]
    public void Zero_has_no_sign() => Assert.Equal("0.00", Spread.Number(-0.001, "0.00"));
}
