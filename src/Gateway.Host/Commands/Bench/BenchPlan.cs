namespace Gateway.Host.Commands.Bench;

/// <summary>What is sent, how much of it, and how fast.</summary>
/// <param name="IsChat">To <c>/v1/chat/completions</c>, else to <c>/v1/completions</c>.</param>
/// <param name="Model">Asked for.</param>
/// <param name="IsStreamed">The answer comes token by token.</param>
/// <param name="MaxTokens">Of an answer.</param>
/// <param name="Requests">To be sent; <see cref="int.MaxValue"/> if the time is what ends it.</param>
/// <param name="Duration">No request begins after it; null if their number is what ends it.</param>
/// <param name="Concurrency">Requests at once, at most.</param>
/// <param name="Rate">Requests a second that begin whatever becomes of those before; null for the next when one has ended.</param>
/// <param name="IsEven">The times between them are all the same, else as they are when clients know nothing of each other (Poisson).</param>
/// <param name="WarmUp">Requests before those that count.</param>
/// <param name="Timeout">Of one request.</param>
internal sealed record BenchPlan(
    bool IsChat,
    string Model,
    bool IsStreamed,
    int MaxTokens,
    int Requests,
    TimeSpan? Duration,
    int Concurrency,
    double? Rate,
    bool IsEven,
    int WarmUp,
    TimeSpan Timeout)
{
    public string Path => IsChat ? "/v1/chat/completions" : "/v1/completions";
}
