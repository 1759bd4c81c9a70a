using Gateway.LoadBench.Client;
using HdrHistogram;

namespace Gateway.LoadBench.Scale;

/// <summary>What one fleet's gateway showed.</summary>
internal sealed record ScaleResult
{
    public required int Workers { get; init; }

    /// <summary>From the first registration over the API until all were routable.</summary>
    public required TimeSpan RoutableByApi { get; init; }

    /// <summary>From writing the workers file until all were routable.</summary>
    public required TimeSpan RoutableByFile { get; init; }

    /// <summary>Share of a core that the gateway takes without requests, probing.</summary>
    public required double IdleCores { get; init; }

    /// <summary>Resident bytes of the gateway without a worker, and with all of them.</summary>
    public required long EmptyBytes { get; init; }

    public required long IdleBytes { get; init; }

    /// <summary>The same requests at the same rate, sent to a worker itself.</summary>
    public required LoadResult Direct { get; init; }

    public required LoadResult Modest { get; init; }

    /// <summary>Closed loop.</summary>
    public required LoadResult Saturated { get; init; }

    public required double SaturatedPerSecond { get; init; }

    /// <summary>Cores that the gateway had while it was saturated; the client and the workers had the rest.</summary>
    public required double SaturatedCores { get; init; }

    /// <summary>Answers of the health endpoints meanwhile, in microseconds.</summary>
    public required IReadOnlyDictionary<string, LongHistogram> Health { get; init; }

    /// <summary><c>GET /workers</c>, without other load.</summary>
    public required TimeSpan ListTime { get; init; }

    public required int ListBytes { get; init; }

    public StreamResult? Streams { get; init; }
}

/// <summary>What many streams at once did to a gateway.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="Complete">How many had every event, and their end.</param>
/// <param name="OpenAtOnce">How many of them were open when memory was read.</param>
/// <param name="BytesBefore">Resident.</param>
/// <param name="BytesOpen">Resident, with all of them open.</param>
/// <param name="Later">Resident so and so long after the last one's end.</param>
/// <param name="Gaps">Between two events, in milliseconds.</param>
/// <param name="Cores">That the gateway had meanwhile.</param>
internal sealed record StreamResult(
    int Count, int Complete, int OpenAtOnce, long BytesBefore, long BytesOpen, IReadOnlyList<(TimeSpan After, long Bytes)> Later, LongHistogram Gaps, double Cores)
{
    public double BytesEach => (double)(BytesOpen - BytesBefore) / Math.Max(1, OpenAtOnce);
}
