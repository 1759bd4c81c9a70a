namespace Gateway.Text.Parsers.Constraints;

/// <summary>Whether the model may, must or must not call tools.</summary>
public enum ToolChoiceKind
{
    Auto,
    None,
    Required,

    /// <summary>It must call one certain function.</summary>
    Named,
}

/// <summary>A request's tool_choice.</summary>
/// <param name="Function">The function's name, for <see cref="ToolChoiceKind.Named"/>.</param>
public readonly record struct ToolChoice(ToolChoiceKind Kind, string? Function = null)
{
    /// <summary>Whether the answer has to be calls.</summary>
    public bool DemandsCall => Kind is ToolChoiceKind.Required or ToolChoiceKind.Named;
}
