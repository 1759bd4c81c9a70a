using System.Text.Json;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>Reads fields of tokenizer.json; what is missing and has no default is an error that names the field.</summary>
internal static class JsonFields
{
    public static JsonElement? Field(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string Text(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw Missing(name);

    public static string? TextOrNull(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static char Character(this JsonElement element, string name) =>
        element.Text(name) is [var unit] ? unit : throw new TokenizerFormatException($"{name} must be one character of the first plane.");

    public static bool Flag(this JsonElement element, string name, bool otherwise) =>
        element.Field(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag ? flag.GetBoolean() : otherwise;

    public static int Number(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : throw Missing(name);

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : throw Missing(name);

    private static TokenizerFormatException Missing(string name) => new($"The field {name} is missing, or not what it should be.");
}
