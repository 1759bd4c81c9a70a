namespace Gateway.RoutingBench.Run;

/// <summary>Sums up what became of the counted calls.</summary>
internal static class Tally
{
    /// <returns>The part that the calls tell; the rest is zero.</returns>
    public static Measured Of(IReadOnlyList<Transit> calls, TimeSpan end)
    {
        var waits = calls.Select(call => ((call.FirstToken ?? end) - call.Sent).TotalMilliseconds).Order().ToArray();
        var answered = calls.Where(static call => call.FirstToken is not null).ToList();
        return new Measured
        {
            Requests = calls.Count,
            Unanswered = calls.Count - answered.Count,
            HitRate = answered.Sum(static call => (double)call.CachedTokens) / answered.Sum(static call => (double)call.PromptTokens),
            TtftP50 = Quantile(waits, 0.50),
            TtftP99 = Quantile(waits, 0.99),
            TokensPerSecond = 0,
            InFlight = 0,
            Busiest = 0,
            TopShare = 0,
            BusiestEarly = 0,
            BusiestLate = 0,
        };
    }

    private static double Quantile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
