using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Gateway.Host.Commands.Bench;

/// <summary>
/// What all requests together have shown. Times are of complete answers alone, and how many those are is said first: the times of those
/// that were cut would be the better the earlier they were.
/// </summary>
internal sealed class BenchReport
{
    /// <summary>Kinds of failures told apart by what the server said; the rest are counted with their ending alone.</summary>
    private const int MostDetails = 20;

    private readonly Lock _lock = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly SortedDictionary<(BenchEnding Ending, string Detail), int> _failures = [];
    private readonly Dictionary<string, Samples> _times = new()
    {
        ["ttft"] = new Samples(),
        ["inter_chunk"] = new Samples(),
        ["per_output_token"] = new Samples(),
        ["whole"] = new Samples(),
    };

    private TimeSpan _elapsed;
    private long _inputTokens;
    private long _outputTokens;

    public int Complete { get; private set; }

    public int Failed { get; private set; }

    public IReadOnlyDictionary<string, Samples> Times => _times;

    public TimeSpan Elapsed => _elapsed;

    public IReadOnlyDictionary<(BenchEnding Ending, string Detail), int> Failures => _failures;

    public double RequestsPerSecond => Complete / _elapsed.TotalSeconds;

    public double OutputTokensPerSecond => _outputTokens / _elapsed.TotalSeconds;

    public void Add(BenchOutcome outcome)
    {
        lock (_lock)
        {
            _elapsed = Stopwatch.GetElapsedTime(_start);
            if (outcome.Ending != BenchEnding.Complete)
            {
                Failed++;
                var kind = (outcome.Ending, outcome.Detail);
                if (_failures.Count >= MostDetails && !_failures.ContainsKey(kind))
                    kind = (outcome.Ending, "");
                _failures[kind] = _failures.GetValueOrDefault(kind) + 1;
                return;
            }

            Complete++;
            _inputTokens += outcome.InputTokens;
            _outputTokens += outcome.OutputTokens;
            _times["whole"].Add(outcome.Whole);
            if (outcome.FirstToken is { } first)
                _times["ttft"].Add(first);
            if (outcome.PerOutputToken is { } perToken)
                _times["per_output_token"].Add(perToken);
            foreach (var gap in outcome.Gaps)
                _times["inter_chunk"].Add(gap);
        }
    }

    public JsonObject ToJson(BenchPlan plan, bool isInterrupted)
    {
        var times = new JsonObject();
        foreach (var (name, samples) in _times)
        {
            if (samples.Count > 0)
                times[$"{name}_ms"] = samples.ToJson();
        }

        return new JsonObject
        {
            ["model"] = plan.Model,
            ["endpoint"] = plan.Path,
            ["stream"] = plan.IsStreamed,
            ["interrupted"] = isInterrupted,
            ["seconds"] = Math.Round(_elapsed.TotalSeconds, 3),
            ["complete"] = Complete,
            ["failed"] = Failed,
            ["failures"] = new JsonArray([.. _failures.Select(static failure => new JsonObject
            {
                ["ending"] = EndingWords.Of(failure.Key.Ending),
                ["detail"] = failure.Key.Detail,
                ["requests"] = failure.Value,
            })]),
            ["requests_per_second"] = Math.Round(RequestsPerSecond, 2),
            ["input_tokens"] = _inputTokens,
            ["output_tokens"] = _outputTokens,
            ["output_tokens_per_second"] = Math.Round(OutputTokensPerSecond, 1),
            ["times"] = times,
        };
    }
}
