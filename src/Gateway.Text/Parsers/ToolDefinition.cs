using System.Text.Json;

namespace Gateway.Text.Parsers;

/// <summary>A function that a request offers to the model.</summary>
/// <param name="Parameters">JSON schema of the arguments' object; null if the request gave none.</param>
public sealed record ToolDefinition(string Name, JsonElement? Parameters = null, string? Description = null);
