namespace Gateway.Simulator.Engine;

/// <summary>What a request says about the length and end of its answer.</summary>
/// <param name="MaxTokens">Null if the model may go on as it likes.</param>
/// <param name="Stop">Texts before which the answer ends.</param>
/// <param name="IgnoreEos">Goes on to the last token allowed.</param>
internal sealed record AnswerLimits(int? MaxTokens, IReadOnlyList<string> Stop, bool IgnoreEos);
