namespace Gateway.Text.Parsers;

/// <summary>One call of a whole answer.</summary>
/// <param name="Arguments">JSON text of an object; cut off if the call is not complete.</param>
public sealed record ParsedToolCall(string Id, string Name, string Arguments, bool Complete);

/// <summary>A whole answer, taken apart.</summary>
/// <param name="Reasoning">Null if there was none.</param>
/// <param name="Content">Null if there was none, as OpenAI's API has it for an answer of calls alone.</param>
public sealed record ParsedMessage(string? Reasoning, string? Content, IReadOnlyList<ParsedToolCall> ToolCalls);
