namespace Gateway.Simulator;

/// <summary>An answer that is given piece by piece: each is token ids, or text for <see cref="SimulatorOptions.Tokenizer"/>.</summary>
public sealed class AnswerScript
{
    private AnswerScript(IReadOnlyList<(string Text, int[]? Tokens)> pieces) => Pieces = pieces;

    /// <summary>In order. A piece without tokens is text that is made into tokens by itself, so that its ends are ends of tokens.</summary>
    internal IReadOnlyList<(string Text, int[]? Tokens)> Pieces { get; }

    public static AnswerScript OfTokens(params IReadOnlyList<int> tokens) => new([("", [.. tokens])]);

    /// <summary>The texts after each other.</summary>
    public static AnswerScript OfTexts(params IReadOnlyList<string> texts) => new([.. texts.Select(static text => (text, (int[]?)null))]);
}
