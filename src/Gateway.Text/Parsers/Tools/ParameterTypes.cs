using System.Text.Json;

namespace Gateway.Text.Parsers.Tools;

/// <summary>Which kinds of JSON value a parameter may have.</summary>
[Flags]
internal enum JsonKinds
{
    None = 0,
    String = 1,
    Number = 2,
    Boolean = 4,
    Object = 8,
    Array = 16,
    Null = 32,
    NotString = Number | Boolean | Object | Array | Null,
}

/// <summary>
/// Says from the tools' schemas what kind a parameter is, for formats that write every value as plain text. What no schema speaks of is a
/// string: text that is passed on unchanged is never wrong by more than its quotes.
/// </summary>
internal sealed class ParameterTypes(IReadOnlyList<ToolDefinition> tools)
{
    /// <summary>References and unions inside each other; a schema may refer to itself.</summary>
    private const int MaxDepth = 8;

    public JsonKinds Of(string tool, ReadOnlySpan<char> parameter)
    {
        foreach (var definition in tools)
        {
            if (definition.Name != tool || definition.Parameters is not { ValueKind: JsonValueKind.Object } root)
                continue;
            if (Member(root, "properties", out var properties) && Member(properties, parameter, out var schema))
            {
                var kinds = Kinds(schema, root, 0);
                return kinds == JsonKinds.None ? JsonKinds.String : kinds;
            }
        }

        return JsonKinds.String;
    }

    private static JsonKinds Kinds(JsonElement schema, JsonElement root, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
            return JsonKinds.None;
        if (Member(schema, "type", out var type))
            return Each(type, static name => name.ValueKind == JsonValueKind.String ? Named(name.GetString()) : JsonKinds.None);
        if (Member(schema, "enum", out var values))
            return Each(values, KindOf);
        if (Member(schema, "const", out var value))
            return KindOf(value);
        if (Member(schema, "$ref", out var reference))
            return Resolve(reference, root, out var target) ? Kinds(target, root, depth + 1) : JsonKinds.None;
        foreach (var union in (ReadOnlySpan<string>)["anyOf", "oneOf", "allOf"])
        {
            if (Member(schema, union, out var members))
                return Each(members, member => Kinds(member, root, depth + 1));
        }

        return (Member(schema, "properties", out _) ? JsonKinds.Object : JsonKinds.None)
            | (Member(schema, "items", out _) ? JsonKinds.Array : JsonKinds.None);
    }

    private static JsonKinds Each(JsonElement value, Func<JsonElement, JsonKinds> kind)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return kind(value);
        var kinds = JsonKinds.None;
        foreach (var member in value.EnumerateArray())
            kinds |= kind(member);
        return kinds;
    }

    private static JsonKinds Named(string? name) => name switch
    {
        "string" => JsonKinds.String,
        "integer" or "number" => JsonKinds.Number,
        "boolean" => JsonKinds.Boolean,
        "object" => JsonKinds.Object,
        "array" => JsonKinds.Array,
        "null" => JsonKinds.Null,
        _ => JsonKinds.None,
    };

    private static JsonKinds KindOf(JsonElement value) => JsonValueText.Kind(value.ValueKind);

    private static bool Resolve(JsonElement reference, JsonElement root, out JsonElement target)
    {
        target = root;
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not ['#', .. var path])
            return false;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (!Member(target, name, out target))
                return false;
        }

        return true;
    }

    private static bool Member(JsonElement element, ReadOnlySpan<char> name, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value);
    }
}
