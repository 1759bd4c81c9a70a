using System.Text.Json.Nodes;

namespace Gateway.Host.Commands.Bench;

/// <summary>Times in seconds, all of them kept: 8 bytes each, and percentiles that are exact.</summary>
internal sealed class Samples
{
    private readonly List<double> _seconds = [];
    private bool _isSorted = true;

    public int Count => _seconds.Count;

    public void Add(double seconds)
    {
        _seconds.Add(seconds);
        _isSorted = false;
    }

    /// <summary>The smallest that at least this share of all do not exceed (nearest rank), in milliseconds.</summary>
    /// <param name="share">Above 0, up to 1.</param>
    public double Milliseconds(double share)
    {
        if (!_isSorted)
            _seconds.Sort();
        _isSorted = true;
        return 1000 * _seconds[Math.Max(0, (int)Math.Ceiling(share * _seconds.Count) - 1)];
    }

    public double Mean => 1000 * _seconds.Average();

    public JsonObject ToJson() => new()
    {
        ["samples"] = Count,
        ["mean"] = Math.Round(Mean, 3),
        ["p50"] = Math.Round(Milliseconds(0.50), 3),
        ["p90"] = Math.Round(Milliseconds(0.90), 3),
        ["p99"] = Math.Round(Milliseconds(0.99), 3),
        ["max"] = Math.Round(Milliseconds(1), 3),
    };
}
