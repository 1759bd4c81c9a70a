using Gateway.Host.Commands.Bench;

namespace Gateway.Host.Tests.Commands;

/// <summary>Percentiles are taken by the nearest rank, so that each is a time that was measured.</summary>
public sealed class SamplesTests
{
    [Theory]
    [InlineData(0.50, 2)]
    [InlineData(0.75, 3)]
    [InlineData(0.76, 4)]
    [InlineData(0.99, 4)]
    [InlineData(1.00, 4)]
    public void A_percentile_is_the_smallest_that_enough_do_not_exceed(double share, double milliseconds)
    {
        var samples = new Samples();
        foreach (var seconds in (double[])[0.003, 0.001, 0.004, 0.002])
            samples.Add(seconds);

        Assert.Equal(milliseconds, samples.Milliseconds(share), 9);
    }
}
