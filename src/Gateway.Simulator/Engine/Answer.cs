namespace Gateway.Simulator.Engine;

/// <summary>
/// What a sequence will say, decided before it starts; the engine only decides when each token of it appears.
/// </summary>
internal sealed record Answer
{
    /// <summary>An answer of no tokens, for work that is only prefill, such as an embedding.</summary>
    public static Answer Empty { get; } = new() { Tokens = [], Pieces = [], FinishReason = "stop" };

    public required int[] Tokens { get; init; }

    /// <summary>What each token adds to the visible text; empty for a token that is part of a stop sequence.</summary>
    public required string[] Pieces { get; init; }

    /// <summary>In OpenAI's words: stop, length, tool_calls.</summary>
    public required string FinishReason { get; init; }

    /// <summary>The stop sequence that ended it.</summary>
    public string? MatchedStop { get; init; }

    /// <summary>The token that ended it.</summary>
    public int? MatchedToken { get; init; }

    /// <summary>Calls that it makes instead of text; then <see cref="Pieces"/> are the arguments of one after the other.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>As much of it as comes out of the prompt, which is all that a prefill worker says.</summary>
    public Answer FirstToken => Tokens.Length == 0
        ? this
        : this with { Tokens = Tokens[..1], Pieces = Pieces[..1], FinishReason = "length", MatchedStop = null, MatchedToken = null, ToolCalls = [] };

    public string TextUpTo(int tokens) => string.Concat(Pieces.AsSpan(0, tokens)!);
}
