using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Text.Parsers.Constraints;

/// <summary>
/// The JSON schema of an answer that is nothing but calls: an array of objects with a name and parameters, one alternative for each tool.
/// It is what SGLang and vLLM make of tool_choice "required"; for a named function it is the same with that one alternative and one element.
/// </summary>
internal static class CallSchema
{
    private static readonly string[] _definitionMembers = ["$defs", "definitions"];

    public static bool TryCreate(
        IReadOnlyList<ToolDefinition> tools, ToolChoice choice, bool parallel, out string? schema, out string? error)
    {
        (schema, error) = (null, null);
        if (!TryCollectDefinitions(tools, out var definitions, out error))
            return false;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "array");
            writer.WriteNumber("minItems", 1);
            if (choice.Kind == ToolChoiceKind.Named || !parallel)
                writer.WriteNumber("maxItems", 1);
            writer.WriteStartObject("items");
            writer.WriteString("type", "object");
            writer.WriteStartArray("anyOf");
            foreach (var tool in tools)
                WriteCall(writer, tool);
            writer.WriteEndArray();
            writer.WriteEndObject();
            WriteDefinitions(writer, definitions);
            writer.WriteEndObject();
        }

        schema = Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
        return true;
    }

    private static void WriteCall(Utf8JsonWriter writer, ToolDefinition tool)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        writer.WriteStartObject("name");
        writer.WriteString("type", "string");
        writer.WriteStartArray("enum");
        writer.WriteStringValue(tool.Name);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WritePropertyName("parameters");
        WriteParameters(writer, tool);
        writer.WriteEndObject();
        writer.WriteStartArray("required");
        writer.WriteStringValue("name");
        writer.WriteStringValue("parameters");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter writer, ToolDefinition tool)
    {
        writer.WriteStartObject();
        if (tool.Parameters is not { ValueKind: JsonValueKind.Object } parameters)
        {
            writer.WriteString("type", "object");
            writer.WriteEndObject();
            return;
        }

        if (!parameters.TryGetProperty("type", out _))
            writer.WriteString("type", "object");
        foreach (var member in parameters.EnumerateObject())
        {
            if (!_definitionMembers.Contains(member.Name))
                member.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    /// <summary>
    /// References point from the root, and a tool's schema is no root any more: what it defines moves up to the new one. Two tools that define
    /// different things under one name cannot be said in one schema.
    /// </summary>
    private static bool TryCollectDefinitions(
        IReadOnlyList<ToolDefinition> tools, out Dictionary<(string Member, string Name), JsonElement> definitions, out string? error)
    {
        (definitions, error) = ([], null);
        foreach (var tool in tools)
        {
            foreach (var member in _definitionMembers)
            {
                if (JsonMembers.Get(tool.Parameters, member) is not { ValueKind: JsonValueKind.Object } defined)
                    continue;
                foreach (var definition in defined.EnumerateObject())
                {
                    if (definitions.TryGetValue((member, definition.Name), out var other)
                        && !JsonElement.DeepEquals(other, definition.Value))
                    {
                        error = $"two tools define '{definition.Name}' in {member} differently, which cannot be combined in one schema";
                        return false;
                    }

                    definitions[(member, definition.Name)] = definition.Value;
                }
            }
        }

        return true;
    }

    private static void WriteDefinitions(
        Utf8JsonWriter writer, Dictionary<(string Member, string Name), JsonElement> definitions)
    {
        foreach (var group in definitions.GroupBy(static definition => definition.Key.Member))
        {
            writer.WriteStartObject(group.Key);
            foreach (var ((_, name), schema) in group)
            {
                writer.WritePropertyName(name);
                schema.WriteTo(writer);
            }

            writer.WriteEndObject();
        }
    }
}
