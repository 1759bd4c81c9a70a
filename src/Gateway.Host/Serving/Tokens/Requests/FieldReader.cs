using System.Text.Json;
using Gateway.Host.Api;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>
/// Reads the fields of a request's JSON object and remembers the first thing that is wrong with them; after that it reads on, with nothing
/// in the place of what is wrong. A field that is null counts as left out.
/// </summary>
/// <param name="json">An object; nothing counts as an empty one.</param>
/// <param name="path">Where it stands in the request, such as <c>sampling_params.</c>; empty for the request itself.</param>
internal sealed class FieldReader(JsonElement json, string path = "")
{
    public GatewayError? Error { get; private set; }

    public JsonElement? Find(string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public void Refuse(GatewayError error) => Error ??= error;

    /// <summary>Refuses the fields that are there of some that cannot be served.</summary>
    public void RefuseUnsupported(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is not null)
                Refuse(FieldError.Unsupported(path + name, $"'{path}{name}' is not supported for this model."));
        }
    }

    public bool? Flag(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.ValueKind == JsonValueKind.True;
        Refuse(FieldError.WrongType(path + name, "a boolean", value));
        return null;
    }

    public string? Text(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        Refuse(FieldError.WrongType(path + name, "a string", value));
        return null;
    }

    public float? Decimal(string name, double min, double max)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number))
            Refuse(FieldError.WrongType(path + name, "a decimal", value));
        else if (number < min)
            Refuse(FieldError.TooLow(path + name, min, number, isInteger: false));
        else if (number > max)
            Refuse(FieldError.TooHigh(path + name, max, number, isInteger: false));
        else
            return (float)number;
        return null;
    }

    public int? Integer(string name, int min, int max = int.MaxValue) => (int?)Long(name, min, max);

    public long? Long(string name, long min, long max)
    {
        if (Find(name) is not { } value)
            return null;
        if (ReadInteger(value) is not { } number)
            Refuse(FieldError.WrongType(path + name, "an integer", value));
        else if (number < min)
            Refuse(FieldError.TooLow(path + name, min, number, isInteger: true));
        else if (number > max)
            Refuse(FieldError.TooHigh(path + name, max, number, isInteger: true));
        else
            return number;
        return null;
    }

    public JsonElement? Object(string name) => OfKind(name, JsonValueKind.Object, "an object");

    public JsonElement? Array(string name) => OfKind(name, JsonValueKind.Array, "an array");

    /// <summary>A string or an array of strings.</summary>
    public IReadOnlyList<string> Texts(string name, int most = int.MaxValue)
    {
        if (Find(name) is not { } value)
            return [];
        if (value.ValueKind == JsonValueKind.String)
            return [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array)
        {
            Refuse(FieldError.WrongType(path + name, "a string or an array of strings", value));
            return [];
        }

        if (value.GetArrayLength() > most)
            Refuse(FieldError.TooMany(path + name, most, value.GetArrayLength()));
        var texts = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String)
                texts.Add(item.GetString()!);
            else
                Refuse(FieldError.WrongType($"{path}{name}[{texts.Count}]", "a string", item));
        }

        return texts;
    }

    /// <summary>An array of token ids, or one alone.</summary>
    public IReadOnlyList<int> TokenIds(string name)
    {
        if (Find(name) is not { } value)
            return [];
        if (value.ValueKind == JsonValueKind.Number)
            return Integer(name, 0) is { } one ? [one] : [];
        if (value.ValueKind != JsonValueKind.Array)
        {
            Refuse(FieldError.WrongType(path + name, "an array of integers", value));
            return [];
        }

        return Tokens(value, path + name);
    }

    /// <summary>The token ids in an array.</summary>
    public int[] Tokens(JsonElement array, string name)
    {
        var tokens = new int[array.GetArrayLength()];
        var count = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (ReadInteger(item) is not ({ } id and >= 0 and <= int.MaxValue))
            {
                Refuse(FieldError.WrongType($"{name}[{count}]", "a token id", item));
                return [];
            }

            tokens[count++] = (int)id;
        }

        return tokens;
    }

    private JsonElement? OfKind(string name, JsonValueKind kind, string expected)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == kind)
            return value;
        Refuse(FieldError.WrongType(path + name, expected, value));
        return null;
    }

    /// <summary>1.0 is an integer too, as clients in JavaScript and Python write it.</summary>
    private static long? ReadInteger(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number)
            return null;
        if (value.TryGetInt64(out var number))
            return number;
        return value.TryGetDouble(out var real) && Math.Floor(real) == real && Math.Abs(real) < 1L << 53 ? (long)real : null;
    }
}
