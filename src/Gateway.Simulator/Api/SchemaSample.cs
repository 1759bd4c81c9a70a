using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Gateway.Simulator.Api;

/// <summary>Makes up a value that a JSON schema describes: the first of an enumeration, or a fixed value of the type.</summary>
internal static class SchemaSample
{
    // A schema may refer to itself without end.
    private const int MaxDepth = 8;

    public static string Of(JsonElement schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Exchange.JsonOptions))
            Write(json, schema, depth: 0);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, JsonElement schema, int depth)
    {
        if (schema.Get("const") is { } constant)
        {
            constant.WriteTo(json);
            return;
        }

        if (schema.Get("enum") is { ValueKind: JsonValueKind.Array } values && values.GetArrayLength() > 0)
        {
            values[0].WriteTo(json);
            return;
        }

        switch (TypeOf(schema))
        {
            case "object":
                WriteObject(json, schema, depth);
                break;
            case "array":
                json.WriteStartArray();
                if (depth < MaxDepth && schema.Get("items") is { } items)
                    Write(json, items, depth + 1);
                json.WriteEndArray();
                break;
            case "integer":
                json.WriteNumberValue(1);
                break;
            case "number":
                json.WriteNumberValue(1.5);
                break;
            case "boolean":
                json.WriteBooleanValue(true);
                break;
            case "null":
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue("simulated");
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, JsonElement schema, int depth)
    {
        json.WriteStartObject();
        if (depth < MaxDepth && schema.Get("properties") is { ValueKind: JsonValueKind.Object } properties)
        {
            foreach (var property in properties.EnumerateObject())
            {
                json.WritePropertyName(property.Name);
                Write(json, property.Value, depth + 1);
            }
        }

        json.WriteEndObject();
    }

    private static string? TypeOf(JsonElement schema) => schema.Get("type") switch
    {
        { ValueKind: JsonValueKind.String } type => type.GetString(),
        { ValueKind: JsonValueKind.Array } types when types.GetArrayLength() > 0 => types[0].GetString(),
        _ => schema.Get("properties") is null ? null : "object",
    };
}
