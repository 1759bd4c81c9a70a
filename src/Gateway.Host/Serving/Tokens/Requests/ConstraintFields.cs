using Gateway.Text.Parsers;
using Gateway.Text.Parsers.Constraints;
using EngineConstraint = Gateway.Actors.Engines.Generation.OutputConstraint;
using EngineConstraintKind = Gateway.Actors.Engines.Generation.ConstraintKind;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>Reads what form an answer must have, and what calls it may make.</summary>
internal static class ConstraintFields
{
    /// <summary>Of a request that knows no tools.</summary>
    /// <returns>For the engine; null for none, and if something is wrong, which <paramref name="fields"/> then knows.</returns>
    public static EngineConstraint? Read(FieldReader fields) => Read(fields, FormOf(fields))?.Constraint;

    /// <returns>Null if something is wrong, which <paramref name="fields"/> then knows.</returns>
    public static ConstraintPlan? Read(FieldReader fields, IReadOnlyList<ToolDefinition> tools, bool isHarmony) => Read(
        fields,
        FormOf(fields) with
        {
            ToolChoice = fields.Find("tool_choice"),
            Tools = tools,
            ParallelToolCalls = fields.Flag("parallel_tool_calls") ?? true,
            IsHarmony = isHarmony,
        });

    private static OutputRequest FormOf(FieldReader fields) => new()
    {
        ResponseFormat = fields.Object("response_format"),
        Regex = fields.Text("regex"),
        Ebnf = fields.Text("ebnf"),
    };

    private static ConstraintPlan? Read(FieldReader fields, OutputRequest request)
    {
        if (OutputConstraints.TryFrom(request, out var plan, out var error))
            return new ConstraintPlan(plan!.Tools, ConstraintOf(plan.Constraint), plan.CallsAreJson);
        fields.Refuse(FieldError.Invalid(error!.StartsWith("tool_choice", StringComparison.Ordinal) ? "tool_choice" : "response_format", error));
        return null;
    }

    private static EngineConstraint? ConstraintOf(OutputConstraint? constraint) =>
        constraint is null ? null : new EngineConstraint(KindOf(constraint.Kind), constraint.Text);

    private static EngineConstraintKind KindOf(OutputConstraintKind kind) => kind switch
    {
        OutputConstraintKind.JsonObject => EngineConstraintKind.JsonObject,
        OutputConstraintKind.JsonSchema => EngineConstraintKind.JsonSchema,
        OutputConstraintKind.Regex => EngineConstraintKind.Regex,
        OutputConstraintKind.Ebnf => EngineConstraintKind.Ebnf,
        _ => EngineConstraintKind.StructuralTag,
    };
}

/// <param name="Tools">Those that the model may call.</param>
/// <param name="Constraint">For the engine; null for none.</param>
/// <param name="CallsAreJson">True if the constraint makes the answer a JSON array of calls.</param>
internal sealed record ConstraintPlan(IReadOnlyList<ToolDefinition> Tools, EngineConstraint? Constraint, bool CallsAreJson);
