namespace Gateway.Host.Commands.Bench;

/// <summary>What became of one request. Times are in seconds, from when it was due.</summary>
/// <param name="Ending">How it ended.</param>
/// <param name="Detail">Status or message of what went wrong, else empty.</param>
/// <param name="Whole">Until it had ended.</param>
/// <param name="FirstToken">Until the first text was here; null if none came, and for answers in one piece.</param>
/// <param name="Gaps">Between two pieces of text.</param>
/// <param name="InputTokens">As the server counts them; 0 if it does not.</param>
/// <param name="OutputTokens">As the server counts them, else the pieces of text.</param>
internal sealed record BenchOutcome(
    BenchEnding Ending,
    string Detail,
    double Whole,
    double? FirstToken,
    IReadOnlyList<double> Gaps,
    int InputTokens,
    int OutputTokens)
{
    /// <summary>Seconds for each token after the first; null if there is no second.</summary>
    public double? PerOutputToken => FirstToken is { } first && OutputTokens > 1 && Gaps.Count > 0 ? (LastToken(first) - first) / (OutputTokens - 1) : null;

    private double LastToken(double first) => first + Gaps.Sum();
}
