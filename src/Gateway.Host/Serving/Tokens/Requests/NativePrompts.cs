using System.Text.Json;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>The prompts of a request in SGLang's own API.</summary>
/// <param name="Tokens">Of each.</param>
/// <param name="IsBatch">True if they came as a list, be it of one.</param>
internal sealed record NativePrompts(IReadOnlyList<ReadOnlyMemory<int>> Tokens, bool IsBatch)
{
    /// <summary>Reads <c>text</c>, or else <c>input_ids</c>.</summary>
    public static NativePrompts Read(FieldReader fields, in PromptEncoder encoder)
    {
        var prompts = new List<ReadOnlyMemory<int>>();
        bool isBatch;
        string name;
        if (fields.Find("text") is { } text)
        {
            name = "text";
            isBatch = text.ValueKind == JsonValueKind.Array;
            foreach (var each in fields.Texts(name, InputFields.Most))
            {
                if (fields.Error is null)
                    prompts.Add(encoder.Encode(each, addSpecialTokens: true));
            }
        }
        else
        {
            name = "input_ids";
            isBatch = ReadIds(fields, prompts);
        }

        if (fields.Error is null && prompts.Count == 0)
            fields.Refuse(FieldError.EmptyArray(name));
        if (fields.Error is null && prompts.Exists(static prompt => prompt.IsEmpty))
            fields.Refuse(FieldError.Invalid(name, $"Invalid '{name}': the prompt is empty."));
        return new NativePrompts(prompts, isBatch);
    }

    /// <returns>True for a list of lists.</returns>
    private static bool ReadIds(FieldReader fields, List<ReadOnlyMemory<int>> prompts)
    {
        const string Name = "input_ids";
        if (fields.Find(Name) is null)
            fields.Refuse(FieldError.Missing("text"));
        if (fields.Array(Name) is not { } ids || ids.GetArrayLength() == 0)
            return false;
        if (ids[0].ValueKind != JsonValueKind.Array)
        {
            prompts.Add(fields.Tokens(ids, Name));
            return false;
        }

        if (ids.GetArrayLength() > InputFields.Most)
            fields.Refuse(FieldError.TooMany(Name, InputFields.Most, ids.GetArrayLength()));
        foreach (var item in ids.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Array)
                prompts.Add(fields.Tokens(item, $"{Name}[{prompts.Count}]"));
            else
                fields.Refuse(FieldError.WrongType($"{Name}[{prompts.Count}]", "an array of token ids", item));
        }

        return true;
    }
}
