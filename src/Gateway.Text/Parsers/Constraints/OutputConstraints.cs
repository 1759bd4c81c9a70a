namespace Gateway.Text.Parsers.Constraints;

/// <summary>Understands a request's response_format, tool_choice, regex and ebnf, and what of it contradicts itself.</summary>
public static class OutputConstraints
{
    /// <summary>Says what to ask of the engine.</summary>
    /// <param name="error">A message for the client, if the answer is false; for status 400.</param>
    public static bool TryFrom(OutputRequest request, out OutputPlan? plan, out string? error)
    {
        plan = null;
        if (!ToolChoiceReader.TryRead(request.ToolChoice, request.Tools, out var choice, out var tools, out error))
            return false;
        if (!ResponseFormatReader.TryRead(request.ResponseFormat, out var format, out error))
            return false;

        var given = new List<(string Member, OutputConstraint Constraint)>(3);
        if (format is not null)
            given.Add(("response_format", format));
        if (!string.IsNullOrEmpty(request.Regex))
            given.Add(("regex", new(OutputConstraintKind.Regex, request.Regex)));
        if (!string.IsNullOrEmpty(request.Ebnf))
            given.Add(("ebnf", new(OutputConstraintKind.Ebnf, request.Ebnf)));
        if (given.Count > 1)
        {
            error = $"{given[0].Member} and {given[1].Member} cannot both constrain the output";
            return false;
        }

        if (!choice.DemandsCall || request.IsHarmony)
        {
            plan = new(choice, tools, given.Count == 0 ? null : given[0].Constraint, CallsAreJson: false);
            return true;
        }

        if (given.Count > 0)
        {
            error = $"{given[0].Member} cannot constrain the output when tool_choice demands a call";
            return false;
        }

        if (!CallSchema.TryCreate(tools, choice, request.ParallelToolCalls, out var schema, out error))
            return false;
        plan = new(choice, tools, new(OutputConstraintKind.JsonSchema, schema!), CallsAreJson: true);
        return true;
    }
}
