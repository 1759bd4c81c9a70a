namespace Gateway.Simulator;

/// <summary>How long the simulated engine takes. The defaults are of the order of an 8B model on one current GPU.</summary>
public sealed record EngineTimings
{
    public static EngineTimings Default { get; } = new();

    /// <summary>Quick, and still slow enough that a client can leave in the middle of an answer.</summary>
    public static EngineTimings Fast { get; } = new()
    {
        PrefillTokensPerSecond = 1_000_000,
        BaseInterTokenLatency = TimeSpan.FromMilliseconds(1),
        InterTokenLatencyPerSequence = TimeSpan.Zero,
    };

    /// <summary>Takes no time: a generation has ended when it has been submitted, so it can't be seen running.</summary>
    public static EngineTimings Instant { get; } = new()
    {
        PrefillTokensPerSecond = double.PositiveInfinity,
        BaseInterTokenLatency = TimeSpan.Zero,
        InterTokenLatencyPerSequence = TimeSpan.Zero,
    };

    /// <summary>Prompt tokens not found in the prefix cache that are computed in a second; more than zero.</summary>
    public double PrefillTokensPerSecond { get; init; } = 20_000;

    /// <summary>Time of a decode step, before what the size of its batch adds.</summary>
    public TimeSpan BaseInterTokenLatency { get; init; } = TimeSpan.FromMilliseconds(8);

    /// <summary>What each sequence of the batch adds to a decode step.</summary>
    public TimeSpan InterTokenLatencyPerSequence { get; init; } = TimeSpan.FromMicroseconds(100);

    internal TimeSpan StepDuration(int prefillTokens, int decodingSequences)
    {
        var prefill = TimeSpan.FromSeconds(prefillTokens / PrefillTokensPerSecond);
        return decodingSequences == 0
            ? prefill
            : prefill + BaseInterTokenLatency + (InterTokenLatencyPerSequence * decodingSequences);
    }
}
