using System.Text.Json;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>Reads what a model is to be given: a text or the ids of its tokens, one or a batch.</summary>
internal static class InputFields
{
    /// <summary>As OpenAI has it.</summary>
    public const int Most = 2048;

    /// <param name="fields">Know afterwards what is wrong, if anything is.</param>
    /// <param name="name">Of the field.</param>
    /// <param name="encoder">Of the request.</param>
    public static List<ReadOnlyMemory<int>> Read(FieldReader fields, string name, in PromptEncoder encoder)
    {
        var inputs = new List<ReadOnlyMemory<int>>();
        if (fields.Find(name) is not { } json)
        {
            fields.Refuse(FieldError.Missing(name));
            return inputs;
        }

        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() == 0 || json[0].ValueKind == JsonValueKind.Number)
        {
            Add(fields, inputs, json, name, encoder);
            return inputs;
        }

        if (json.GetArrayLength() > Most)
        {
            fields.Refuse(FieldError.TooMany(name, Most, json.GetArrayLength()));
            return inputs;
        }

        foreach (var item in json.EnumerateArray())
            Add(fields, inputs, item, $"{name}[{inputs.Count}]", encoder);
        return inputs;
    }

    private static void Add(FieldReader fields, List<ReadOnlyMemory<int>> inputs, JsonElement item, string name, in PromptEncoder encoder)
    {
        // What comes after a mistake is not worth the work.
        if (fields.Error is not null)
            return;
        if (item.ValueKind == JsonValueKind.String)
            inputs.Add(encoder.Encode(item));
        else if (item.ValueKind == JsonValueKind.Array && item.GetArrayLength() == 0)
            fields.Refuse(FieldError.EmptyArray(name));
        else if (item.ValueKind == JsonValueKind.Array)
            inputs.Add(fields.Tokens(item, name));
        else
            fields.Refuse(FieldError.WrongType(name, "a string or an array of token ids", item));
    }
}
