namespace Gateway.RoutingBench.Run;

/// <summary>What one run showed.</summary>
internal sealed record Measured
{
    public required int Requests { get; init; }

    /// <summary>Cached to prompt tokens, as the engines report them with each answer.</summary>
    public required double HitRate { get; init; }

    public required double TtftP50 { get; init; }

    public required double TtftP99 { get; init; }

    /// <summary>Of the requests, those that had no token when the run was broken off; their wait until then counts.</summary>
    public required int Unanswered { get; init; }

    /// <summary>Generated, all workers together.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary><see cref="Busiest"/> to the mean of all.</summary>
    public double Imbalance => Busiest / InFlight;

    /// <summary>Mean requests in flight on the busiest worker.</summary>
    public required double Busiest { get; init; }

    /// <summary>Mean requests in flight on a worker, over time and workers.</summary>
    public required double InFlight { get; init; }

    /// <summary>Requests of the worker that got most, to an equal share.</summary>
    public required double TopShare { get; init; }

    /// <summary>Mean requests in flight on the busiest worker in the first third of the counted time.</summary>
    public required double BusiestEarly { get; init; }

    /// <summary>The same in the last third.</summary>
    public required double BusiestLate { get; init; }

    /// <summary>Sent by a gateway to all others, in the mean.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>Requests of the gateway that had most, to an equal share.</summary>
    public double TopGateway { get; init; }
}
