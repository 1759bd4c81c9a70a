using Gateway.Actors.Engines.Generation;
using Gateway.Text.Parsers;
using Gateway.Text.Parsers.Constraints;
using OutputConstraint = Gateway.Actors.Engines.Generation.OutputConstraint;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>Reads what form an answer must have, and what calls it may make.</summary>
internal static class ConstraintFields
{
    /// <returns>Null if something is wrong, which <paramref name="fields"/> then knows.</returns>
    public static ConstraintPlan? Read(FieldReader fields, IReadOnlyList<ToolDefinition> tools, bool isHarmony)
    {
        var request = new OutputRequest
        {
            ResponseFormat = fields.Object("response_format"),
            ToolChoice = fields.Find("tool_choice"),
            Tools = tools,
            ParallelToolCalls = fields.Flag("parallel_tool_calls") ?? true,
            Regex = fields.Text("regex"),
            Ebnf = fields.Text("ebnf"),
            IsHarmony = isHarmony,
        };
        if (OutputConstraints.TryFrom(request, out var plan, out var error))
            return new ConstraintPlan(plan!.Tools, ConstraintOf(plan.Constraint), plan.CallsAreJson);
        fields.Refuse(FieldError.Invalid(tools.Count > 0 ? "tool_choice" : "response_format", error!));
        return null;
    }

    private static OutputConstraint? ConstraintOf(Text.Parsers.Constraints.OutputConstraint? constraint) => constraint is null
        ? null
        : new OutputConstraint(
            constraint.Kind switch
            {
                OutputConstraintKind.JsonObject => ConstraintKind.JsonObject,
                OutputConstraintKind.JsonSchema => ConstraintKind.JsonSchema,
                OutputConstraintKind.Regex => ConstraintKind.Regex,
                OutputConstraintKind.Ebnf => ConstraintKind.Ebnf,
                _ => ConstraintKind.StructuralTag,
            },
            constraint.Text);
}

/// <param name="Tools">Those that the model may call.</param>
/// <param name="Constraint">For the engine; null for none.</param>
/// <param name="CallsAreJson">True if the constraint makes the answer a JSON array of calls.</param>
internal sealed record ConstraintPlan(IReadOnlyList<ToolDefinition> Tools, OutputConstraint? Constraint, bool CallsAreJson);
