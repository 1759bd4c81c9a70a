namespace Gateway.RoutingBench.Traces;

/// <summary>One request of a session.</summary>
/// <param name="Wait">Between the end of the call before, or the arrival of the session, and this one.</param>
/// <param name="Prompt">In the simulated tokenizer's ids, the bytes of which are the prompt's text.</param>
/// <param name="Common">Tokens at the prompt's beginning that other sessions have as well, so that soon every worker has them.</param>
/// <param name="Answer">What the model will say.</param>
internal sealed record Call(TimeSpan Wait, int[] Prompt, int Common, int[] Answer);
