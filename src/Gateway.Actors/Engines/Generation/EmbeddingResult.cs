namespace Gateway.Actors.Engines.Generation;

/// <param name="Values">Of the embedding, or the scores of a classifier.</param>
/// <param name="PromptTokens">How many tokens the input had.</param>
public sealed record EmbeddingResult(IReadOnlyList<float> Values, int PromptTokens);
