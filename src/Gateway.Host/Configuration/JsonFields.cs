using System.Globalization;
using System.Text.Json;

namespace Gateway.Host.Configuration;

/// <summary>
/// Reads the fields of one JSON object by name and kind. A field that is null counts as left out. What nobody asked for
/// is refused at the end, so that a mistyped field does not go unnoticed.
/// </summary>
/// <remarks>All methods throw <see cref="FormatException"/> with a message that begins with the field's path.</remarks>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> _fields;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly string _path;

    /// <param name="element">Must be an object.</param>
    /// <param name="path">Where it stands, such as <c>workers[2]</c>; empty for a whole document.</param>
    public JsonFields(JsonElement element, string path = "")
    {
        _path = path;
        if (element.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{(path.Length == 0 ? "the body" : path)}: must be an object");
        _fields = element.EnumerateObject().ToDictionary(static field => field.Name, static field => field.Value, StringComparer.Ordinal);
    }

    /// <summary>Accepts these fields without looking at them.</summary>
    public void Ignore(params IEnumerable<string> names) => _known.UnionWith(names);

    public JsonElement? Any(string name)
    {
        _known.Add(name);
        return _fields.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>A text that is not empty.</summary>
    public string? Text(string name) => Any(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value when value.GetString() is { Length: > 0 } text => text,
        _ => throw Wrong(name, "must be a text that is not empty"),
    };

    public bool? Switch(string name) => Any(name)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "must be true or false"),
    };

    public int? Integer(string name, int min, int max) => Any(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var number) && number >= min && number <= max => number,
        _ => throw Wrong(name, $"must be a whole number from {min} to {max}"),
    };

    public double? Number(string name, double min, double max) => Any(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && number >= min && number <= max => number,
        _ => throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {min} to {max}")),
    };

    public TimeSpan? Seconds(string name, double min, double max) =>
        Number(name, min, max) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    public JsonFields? Object(string name) => Any(name) is { } value ? new JsonFields(value, PathOf(name)) : null;

    /// <summary>Pairs of names and texts. Numbers and truth values are taken as they are written.</summary>
    public IEnumerable<KeyValuePair<string, string>>? Pairs(string name) => Object(name)?._fields.Select(field => KeyValuePair.Create(
        field.Key,
        field.Value.ValueKind switch
        {
            JsonValueKind.String => field.Value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => field.Value.GetRawText(),
            _ => throw Wrong(name, $"'{field.Key}' must be a text"),
        }));

    /// <summary>The value that a word stands for.</summary>
    public T? OneOf<T>(string name, IReadOnlyDictionary<string, T> words)
        where T : struct => Text(name) switch
        {
            null => null,
            var word when words.TryGetValue(word, out var value) => value,
            var word => throw Wrong(name, $"'{word}' is not one of {string.Join(", ", words.Keys)}"),
        };

    public FormatException Wrong(string name, string reason) => new($"{PathOf(name)}: {reason}");

    /// <summary>Call this when all fields have been read.</summary>
    public void RefuseOthers()
    {
        foreach (var name in _fields.Keys)
        {
            if (!_known.Contains(name))
                throw Wrong(name, $"unknown field{DidYouMean.Hint(name, _known)}");
        }
    }

    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
