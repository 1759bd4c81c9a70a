using Gateway.Text.Parsers.Constraints;
using EngineConstraint = Gateway.Actors.Engines.Generation.OutputConstraint;
using EngineConstraintKind = Gateway.Actors.Engines.Generation.ConstraintKind;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>Reads what form an answer must have.</summary>
internal static class ConstraintFields
{
    /// <returns>For the engine; null for none, and if something is wrong, which <paramref name="fields"/> then knows.</returns>
    public static EngineConstraint? Read(FieldReader fields)
    {
        var request = new OutputRequest
        {
            ResponseFormat = fields.Object("response_format"),
            Regex = fields.Text("regex"),
            Ebnf = fields.Text("ebnf"),
        };
        if (!OutputConstraints.TryFrom(request, out var plan, out var error))
        {
            fields.Refuse(FieldError.Invalid("response_format", error!));
            return null;
        }

        return plan!.Constraint is { } constraint ? new EngineConstraint(KindOf(constraint.Kind), constraint.Text) : null;
    }

    private static EngineConstraintKind KindOf(OutputConstraintKind kind) => kind switch
    {
        OutputConstraintKind.JsonObject => EngineConstraintKind.JsonObject,
        OutputConstraintKind.JsonSchema => EngineConstraintKind.JsonSchema,
        OutputConstraintKind.Regex => EngineConstraintKind.Regex,
        OutputConstraintKind.Ebnf => EngineConstraintKind.Ebnf,
        _ => EngineConstraintKind.StructuralTag,
    };
}
