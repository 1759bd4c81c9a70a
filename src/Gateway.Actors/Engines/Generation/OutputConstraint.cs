namespace Gateway.Actors.Engines.Generation;

/// <summary>What a constraint is written in.</summary>
public enum ConstraintKind
{
    /// <summary>Any JSON object; <see cref="OutputConstraint.Text"/> is empty.</summary>
    JsonObject,

    JsonSchema,
    Regex,
    Ebnf,

    /// <summary>xgrammar's structural tags, as JSON.</summary>
    StructuralTag,
}

/// <summary>A form that an answer must have.</summary>
public sealed record OutputConstraint(ConstraintKind Kind, string Text);
