using Gateway.Simulator;

namespace Gateway.RoutingBench.Traces;

/// <summary>A kind of load: what a session looks like.</summary>
/// <param name="Name">Of the kind.</param>
/// <param name="What">One line for the report.</param>
/// <param name="Sessions">The calls of one session, made as they are asked for.</param>
internal sealed record Trace(string Name, string What, Func<Dice, IEnumerable<Call>> Sessions)
{
    /// <summary>The batch among which the fixed part of a decode step is divided: what an operator would call busy, but well served.</summary>
    private const int NominalBatch = 32;

    private const int Samples = 100;

    private readonly Lazy<double> _work = new(() => WorkOf(Sessions, EngineTimings.Default));

    /// <summary>
    /// Seconds of a worker's time that a session takes if its own history is found nowhere, but what all sessions share is found
    /// everywhere. That is what policies achieve that know nothing of prompts, and so it is the measure of the load.
    /// </summary>
    public double Work => _work.Value;

    private static double WorkOf(Func<Dice, IEnumerable<Call>> sessions, EngineTimings timings)
    {
        double seconds = 0;
        for (var sample = 0; sample < Samples; sample++)
        {
            foreach (var call in sessions(Dice.Of(0, -1 - sample)))
            {
                var tokenTime = timings.InterTokenLatencyPerSequence + (timings.BaseInterTokenLatency / NominalBatch);
                seconds += ((call.Prompt.Length - call.Common) / timings.PrefillTokensPerSecond) + (call.Answer.Length * tokenTime.TotalSeconds);
            }
        }

        return seconds / Samples;
    }
}
