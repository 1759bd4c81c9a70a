using CsCheck;
using Gateway.Host.Cluster.Quotas;

namespace Gateway.Host.Tests.Cluster;

public sealed class FairSharesTests
{
    private const double Limit = 100;

    private static readonly Gen<double[]> Demands = Gen.Double[0, 300].Array[1, 8];

    [Fact]
    public void All_shares_together_are_the_limit_and_nobody_has_nothing() =>
        Demands.Sample(static demands =>
        {
            var shares = All(demands);
            Assert.Equal(Limit, shares.Sum(), 6);
            Assert.All(shares, share => Assert.True(share >= Limit * FairShares.Even / demands.Length));
        });

    [Fact]
    public void Who_asks_for_more_gets_no_less() =>
        Demands.Sample(static demands =>
        {
            var shares = All(demands);
            for (var i = 1; i < demands.Length; i++)
                Assert.True(demands[i] <= demands[0] ? shares[i] <= shares[0] + 1e-9 : shares[i] >= shares[0] - 1e-9);
        });

    [Fact]
    public void If_there_is_enough_everybody_gets_what_it_asks_for() =>
        Gen.Double[0, 20].Array[1, 4].Sample(static demands =>
        {
            var shares = All(demands);
            for (var i = 0; i < demands.Length; i++)
                Assert.True(shares[i] >= demands[i]);
        });

    [Theory]
    [InlineData(new double[] { 1000, 0, 0, 0 }, 96.25)]
    [InlineData(new double[] { 0, 1000, 0, 0 }, 1.25)]
    [InlineData(new double[] { 1000, 1000 }, 50)]
    [InlineData(new double[] { 0, 0 }, 50)]
    [InlineData(new double[] { 10, 1000 }, 12.5)]
    public void The_share_follows_what_is_asked_for(double[] demands, double share) =>
        Assert.Equal(share, FairShares.OfFirst(demands, Limit), 6);

    private static double[] All(double[] demands) =>
        [.. demands.Select((_, i) => FairShares.OfFirst([demands[i], .. demands[..i], .. demands[(i + 1)..]], Limit))];
}
