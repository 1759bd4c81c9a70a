using Gateway.Host.Dashboard.Requests;
using Gateway.Host.Serving;

namespace Gateway.Host.Dashboard.Traffic;

/// <summary>Adds up the requests that have ended. Plain words that only grow, of which <see cref="TrafficHistory"/> takes the differences.</summary>
internal sealed class TrafficCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<TrafficCount>().Length];

    /// <summary>Times to the first piece of streamed answers.</summary>
    public LatencyHistogram FirstPieces { get; } = new();

    public void Count(RequestRecord record)
    {
        Add(KindOf(record), 1);
        if (record is { IsStream: true, FirstPiece: { } first })
            FirstPieces.Record(first);
        // Of prompts that no policy has looked at, nothing is known to be cached, and that says nothing.
        if (record.Route is { Rule: not null, PromptBytes: > 0 })
        {
            Add(TrafficCount.PromptBytes, record.Route.PromptBytes);
            Add(TrafficCount.KnownBytes, record.Route.KnownBytes);
        }

        if (record.Tokens is not { } tokens)
            return;
        Add(TrafficCount.PromptTokens, tokens.PromptTokens);
        Add(TrafficCount.CachedTokens, tokens.CachedTokens);
        Add(TrafficCount.CompletionTokens, tokens.CompletionTokens);
    }

    public void CopyTo(Span<long> counts)
    {
        for (var count = 0; count < _counts.Length; count++)
            counts[count] = Volatile.Read(ref _counts[count]);
    }

    private void Add(TrafficCount count, long value) => Interlocked.Add(ref _counts[(int)count], value);

    private static TrafficCount KindOf(RequestRecord record) => record switch
    {
        { Ending: ExchangeEnding.ClientGone } => TrafficCount.ClientGone,
        { Ending: ExchangeEnding.Interrupted } => TrafficCount.Failed,
        { Status: >= StatusCodes.Status500InternalServerError } => TrafficCount.Failed,
        { Status: >= StatusCodes.Status400BadRequest } => TrafficCount.Refused,
        _ => TrafficCount.Good,
    };
}

/// <summary>What is counted.</summary>
internal enum TrafficCount
{
    /// <summary>Requests whose answer is whole.</summary>
    Good,

    /// <summary>Those that ended with a 5xx, or broke.</summary>
    Failed,

    /// <summary>Those that ended with a 4xx.</summary>
    Refused,

    ClientGone,
    PromptTokens,
    CachedTokens,
    CompletionTokens,

    /// <summary>Bytes of prompts that a policy has looked at, and those that it thinks were cached.</summary>
    PromptBytes,
    KnownBytes,
}
