namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>What came of asking a model's workers for its tokenizer.</summary>
/// <param name="Files">Null if none gave one that can be used.</param>
/// <param name="Source">The folder it is in.</param>
/// <param name="Reason">For operators: which worker gave it, or why each did not.</param>
/// <param name="IsRefused">True if every worker was reached and has none to give: asking again will hardly help.</param>
internal sealed record FetchResult(TextFiles? Files, string? Source, string Reason, bool IsRefused = false);
