using System.Text.Json;

namespace Gateway.Text.Parsers.Constraints;

/// <summary>Reads OpenAI's response_format, and SGLang's structural tags in the same place.</summary>
internal static class ResponseFormatReader
{
    public static bool TryRead(JsonElement? format, out OutputConstraint? constraint, out string? error)
    {
        (constraint, error) = (null, null);
        if (format is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value)
            return true;
        switch (JsonMembers.String(value, "type"))
        {
            case "text":
                return true;
            case "json_object":
                constraint = new(OutputConstraintKind.JsonObject, "");
                return true;
            case "json_schema":
                return TryReadSchema(value, out constraint, out error);
            case "structural_tag":
                constraint = new(OutputConstraintKind.StructuralTag, value.GetRawText());
                return true;
            default:
                error = "response_format.type must be one of text, json_object, json_schema, structural_tag";
                return false;
        }
    }

    private static bool TryReadSchema(JsonElement format, out OutputConstraint? constraint, out string? error)
    {
        (constraint, error) = (null, null);
        var schema = JsonMembers.Get(JsonMembers.Get(format, "json_schema"), "schema");
        // A schema is an object, or true or false.
        if (schema is not { ValueKind: JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False } given)
        {
            error = "response_format.json_schema.schema must be a JSON schema";
            return false;
        }

        constraint = new(OutputConstraintKind.JsonSchema, given.GetRawText());
        return true;
    }
}
