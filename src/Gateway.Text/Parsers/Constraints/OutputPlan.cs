namespace Gateway.Text.Parsers.Constraints;

/// <summary>What follows from a request for the engine and for the parser.</summary>
/// <param name="Tools">Those that the model may call; fewer than the request has if it allows only some, none if it forbids calls.</param>
/// <param name="CallsAreJson">
/// Whether the constraint makes the answer a JSON array of calls, whatever the model's own dialect is.
/// </param>
public sealed record OutputPlan(
    ToolChoice ToolChoice, IReadOnlyList<ToolDefinition> Tools, OutputConstraint? Constraint, bool CallsAreJson);
