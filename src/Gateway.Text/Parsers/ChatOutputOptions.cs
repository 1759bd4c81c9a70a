namespace Gateway.Text.Parsers;

/// <summary>What one request wants of its answer.</summary>
public sealed record ChatOutputOptions
{
    /// <summary>
    /// The tools that the model may call, as <see cref="Constraints.OutputPlan.Tools"/> has them; with none, calls are not looked for. Their
    /// schemas must live as long as the parser.
    /// </summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>As <see cref="Constraints.OutputPlan.CallsAreJson"/> has it.</summary>
    public bool CallsAreJson { get; init; }

    /// <summary>False leaves the thinking in the content, markers and all.</summary>
    public bool SeparateReasoning { get; init; } = true;

    /// <summary>False hands the thinking over in one piece, when it is whole.</summary>
    public bool StreamReasoning { get; init; } = true;

    /// <summary>What the prompt says of where the answer begins; null to go by the model's dialect.</summary>
    public bool? StartsInReasoning { get; init; }
}
