using Gateway.Host.Serving.Tokens.Planning;

namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>How a model that token-in workers serve stands with its text.</summary>
/// <param name="Entry">Where its text comes from; null if it comes from nowhere.</param>
/// <param name="Architecture">As its engine tells it, or null.</param>
/// <param name="Text">Null as long as it is not known.</param>
internal sealed record ModelTextState(TextEntry? Entry, string? Architecture, ModelText? Text);
