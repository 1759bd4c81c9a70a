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
