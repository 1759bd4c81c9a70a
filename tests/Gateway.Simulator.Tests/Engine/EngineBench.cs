using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Tests.Engine;

/// <summary>An engine whose every duration is a round number: 1 ms a prompt token, 10 ms a decode step and 1 ms for each in the batch.</summary>
internal sealed class EngineBench : IDisposable
{
    public EngineBench(Func<SimulatorOptions, SimulatorOptions>? change = null)
    {
        var options = new SimulatorOptions
        {
            TimeProvider = Time,
            Timings = new EngineTimings
            {
                PrefillTokensPerSecond = 1000,
                BaseInterTokenLatency = TimeSpan.FromMilliseconds(10),
                InterTokenLatencyPerSequence = TimeSpan.FromMilliseconds(1),
            },
        };
        Options = change?.Invoke(options) ?? options;
        Engine = new SimulatedEngine(Options, Stats);
    }

    public ManualTime Time { get; } = new();

    public SimulatorOptions Options { get; }

    public SimulatorStats Stats { get; } = new();

    public SimulatedEngine Engine { get; }

    /// <summary>A prompt of so many tokens; prompts of one topic begin alike.</summary>
    public static int[] Prompt(int tokens, int topic = 0) => [.. Enumerable.Range(1, tokens).Select(i => (topic * 10_000) + i)];

    public static Answer Answer(int tokens) => new()
    {
        Tokens = [.. Enumerable.Range(1, tokens).Select(static i => -i)],
        Pieces = [.. Enumerable.Repeat("x", tokens)],
        FinishReason = "stop",
    };

    public Generation Submit(int promptTokens, int answerTokens, int topic = 0) =>
        Submit(promptTokens, answerTokens, GenerationPart.Whole, topic);

    public Generation Submit(int promptTokens, int answerTokens, GenerationPart part, int topic = 0) =>
        Engine.Submit($"r{Stats.Started}", Prompt(promptTokens, topic), [Answer(answerTokens)], part);

    public void Dispose() => Engine.Dispose();
}
