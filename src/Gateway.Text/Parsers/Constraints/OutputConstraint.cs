namespace Gateway.Text.Parsers.Constraints;

/// <summary>By what an engine is asked to keep its output in form. Each engine's protocol has a field for each, or for most.</summary>
public enum OutputConstraintKind
{
    /// <summary>Any JSON object. Where an engine has no field for it, the schema {"type":"object"} says the same.</summary>
    JsonObject,
    JsonSchema,
    Regex,
    Ebnf,
    StructuralTag,
}

/// <summary>One constraint; an engine takes at most one.</summary>
/// <param name="Text">The schema as JSON text, the expression, the grammar or the tag; empty for a JSON object.</param>
public sealed record OutputConstraint(OutputConstraintKind Kind, string Text);
