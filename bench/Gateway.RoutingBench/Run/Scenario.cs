namespace Gateway.RoutingBench.Run;

/// <summary>A fleet and what happens to it.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Workers">At the start.</param>
/// <param name="Length">Of the load, the warm-up included; small fleets run longer, so that as many requests are counted.</param>
/// <param name="HasSlow">One worker takes three times as long for everything.</param>
/// <param name="HasChurn">A worker comes after a third of the counted time, and the first one leaves after two thirds.</param>
internal sealed record Scenario(string Name, int Workers, TimeSpan Length, bool HasSlow = false, bool HasChurn = false)
{
    public const double SlowFactor = 3;

    /// <summary>So many workers are worth cleaning up after.</summary>
    public const int Large = 64;

    /// <summary>Share of the fleet's time that the load takes, see <see cref="Traces.Trace.Work"/>.</summary>
    public const double Load = 0.65;

    /// <summary>Not counted: the caches fill.</summary>
    public TimeSpan WarmUp => Length / 3;

    /// <summary>In workers of the usual speed.</summary>
    public double Power => HasSlow ? Workers - 1 + (1 / SlowFactor) : Workers;

    public static IReadOnlyList<Scenario> All(RoutingBenchOptions options)
    {
        var scale = options.IsQuick ? 0.4 : 1;
        Scenario[] all =
        [
            Plain(4, 150), Plain(16, 50), Plain(64, 30),
            Plain(16, 50) with { Name = "16 workers, one 3× slower", HasSlow = true },
            Plain(16, 50) with { Name = "16 workers, one added, one removed", HasChurn = true },
        ];
        return [.. all.Where(scenario => options.Workers is not { } only || scenario.Workers == only)];

        Scenario Plain(int workers, int seconds) => new($"{workers} workers", workers, TimeSpan.FromSeconds(seconds * scale));
    }
}
