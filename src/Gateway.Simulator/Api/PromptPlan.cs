using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>What is to be said to one prompt of a request.</summary>
/// <param name="Id">The engine's id for it.</param>
/// <param name="Answers">One for each choice.</param>
internal sealed record PromptPlan(string Id, int[] Prompt, IReadOnlyList<Answer> Answers);
