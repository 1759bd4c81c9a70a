namespace Gateway.Host.Cluster.Quotas;

/// <summary>
/// How a limit is divided among gateways by what each is asked for ("max-min fairness", Bertsekas and Gallager, Data Networks, section
/// 6.5.2): nobody gets more than it needs as long as another lacks something, and what nobody needs is divided evenly, for what may come.
/// </summary>
internal static class FairShares
{
    /// <summary>
    /// The part of the limit that is divided evenly whatever is asked for: a gateway to which clients turn all at once must not have
    /// nothing until the others know.
    /// </summary>
    public const double Even = 0.05;

    /// <summary>How much the first one gets.</summary>
    /// <param name="demands">Of all, in any order but for the first; 0 or more.</param>
    /// <param name="limit">To be divided; more than 0.</param>
    /// <returns>More than 0; of all of them together it is the limit.</returns>
    public static double OfFirst(ReadOnlySpan<double> demands, double limit)
    {
        var even = limit * Even / demands.Length;
        return even + Level(demands, limit * (1 - Even));
    }

    private static double Level(ReadOnlySpan<double> demands, double limit)
    {
        double total = 0;
        foreach (var demand in demands)
            total += demand;
        if (total <= limit)
            return demands[0] + ((limit - total) / demands.Length);

        // Raises the level until the limit is used up: who needs less than an even part of what is left is served first.
        Span<double> sorted = stackalloc double[demands.Length];
        demands.CopyTo(sorted);
        sorted.Sort();
        var left = limit;
        for (var i = 0; i < sorted.Length; i++)
        {
            var level = left / (sorted.Length - i);
            if (sorted[i] >= level)
                return Math.Min(demands[0], level);
            left -= sorted[i];
        }

        return demands[0];
    }
}
