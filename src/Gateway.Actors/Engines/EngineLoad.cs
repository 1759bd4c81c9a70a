using System.Text.Json;

namespace Gateway.Actors.Engines;

/// <summary>What an engine said of its load, summed over its data-parallel ranks, with when it said so. Immutable.</summary>
public sealed record EngineLoad
{
    /// <summary>Requests being generated.</summary>
    public int Running { get; init; }

    /// <summary>Requests in its queue.</summary>
    public int Waiting { get; init; }

    /// <summary>Tokens in its queue that are not in its cache; null if it does not say.</summary>
    public long? QueuedTokens { get; init; }

    /// <summary>Tokens in its KV cache; 0 if it does not say.</summary>
    public long UsedTokens { get; init; }

    /// <summary>Tokens that its KV cache can hold; 0 if it does not say.</summary>
    public long CapacityTokens { get; init; }

    /// <summary>Used share of its KV cache, 0 to 1; 0 if it does not say.</summary>
    public double KvUsage { get; init; }

    /// <summary>Tokens per second of late; 0 if it does not say.</summary>
    public double Throughput { get; init; }

    /// <summary>All tokens it has ever prefilled and generated; null if it does not count them.</summary>
    public double? TokensProcessed { get; init; }

    /// <summary>Of the gateway's clock, when the engine was asked.</summary>
    public long Timestamp { get; init; }

    /// <summary>The gateway's own requests on it at that moment.</summary>
    public int InFlight { get; init; }

    /// <summary>Adds up what the report says.</summary>
    /// <returns>Null for a report without a rank.</returns>
    public static EngineLoad? From(EngineLoadReport report, long timestamp, int inFlight)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Ranks.Count == 0)
            return null;
        var used = (long)(Sum("num_used_tokens") ?? 0);
        var capacity = (long)(Sum("max_total_num_tokens") ?? 0);
        var waiting = (int)(Sum("num_waiting_reqs") ?? 0);
        return new EngineLoad
        {
            Running = (int)(Sum("num_running_reqs") ?? Math.Max(0, (Sum("num_total_reqs") ?? 0) - waiting)),
            Waiting = waiting,
            QueuedTokens = (long?)Sum("num_waiting_uncached_tokens"),
            UsedTokens = used,
            CapacityTokens = capacity,
            KvUsage = Sum("token_usage") / report.Ranks.Count ?? (capacity > 0 ? (double)used / capacity : 0),
            Throughput = Sum("gen_throughput") ?? 0,
            TokensProcessed = report.TokensProcessed,
            Timestamp = timestamp,
            InFlight = inFlight,
        };

        // A figure that one rank leaves out is not known of the whole.
        double? Sum(string name)
        {
            double sum = 0;
            foreach (var rank in report.Ranks)
            {
                if (!rank.TryGetValue(name, out var value) || value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var figure))
                    return null;
                sum += Math.Clamp(figure, 0, int.MaxValue);
            }

            return sum;
        }
    }

    /// <summary>This, with the throughput since an earlier report, for engines that only count. A count that fell is one that began anew.</summary>
    public EngineLoad Since(EngineLoad? earlier, TimeSpan elapsed) =>
        Throughput == 0 && TokensProcessed - earlier?.TokensProcessed is >= 0 and { } tokens && elapsed > TimeSpan.Zero
            ? this with { Throughput = tokens / elapsed.TotalSeconds }
            : this;
}
