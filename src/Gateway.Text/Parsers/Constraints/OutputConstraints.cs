using System.Text.Json;

namespace Gateway.Text.Parsers.Constraints;

/// <summary>What a request says about the form of its answer, member by member as it came.</summary>
public sealed record OutputRequest
{
    public JsonElement? ResponseFormat { get; init; }

    public JsonElement? ToolChoice { get; init; }

    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    public bool ParallelToolCalls { get; init; } = true;

    public string? Regex { get; init; }

    public string? Ebnf { get; init; }

    /// <summary>Harmony has its own frame around calls, which a schema over the whole output would forbid; calls are not forced there.</summary>
    public bool IsHarmony { get; init; }
}

/// <summary>What follows from a request for the engine and for the parser.</summary>
/// <param name="Tools">Those that the model may call; fewer than the request has if it allows only some, none if it forbids calls.</param>
/// <param name="CallsAreJson">
/// Whether the constraint makes the answer a JSON array of calls, whatever the model's own dialect is.
/// </param>
public sealed record OutputPlan(
    ToolChoice ToolChoice, IReadOnlyList<ToolDefinition> Tools, OutputConstraint? Constraint, bool CallsAreJson);

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
