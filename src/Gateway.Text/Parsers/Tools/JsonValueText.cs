using System.Text.Json;
using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>Makes JSON of a value that a model wrote as plain text.</summary>
internal static class JsonValueText
{
    public static JsonKinds Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => JsonKinds.String,
        JsonValueKind.Number => JsonKinds.Number,
        JsonValueKind.True or JsonValueKind.False => JsonKinds.Boolean,
        JsonValueKind.Object => JsonKinds.Object,
        JsonValueKind.Array => JsonKinds.Array,
        JsonValueKind.Null => JsonKinds.Null,
        _ => JsonKinds.None,
    };

    /// <summary>
    /// JSON stays as it is, if it is of a kind that is allowed, or if no string is; Python's notation is turned into JSON likewise, for
    /// many models fall into it. All else is a string.
    /// </summary>
    public static void Append(TextBuffer output, ReadOnlySpan<char> text, JsonKinds allowed)
    {
        var trimmed = Space.Trim(text);
        if (IsWanted(JsonText.KindOf(trimmed), allowed))
        {
            output.Append(trimmed);
            return;
        }

        var converted = new TextBuffer();
        if (PythonLiteral.TryConvert(trimmed, converted) && IsWanted(JsonText.KindOf(converted.Text), allowed))
            output.Append(converted.Text);
        else
            JsonText.AppendString(output, text);
    }

    private static bool IsWanted(JsonValueKind kind, JsonKinds allowed) =>
        kind != JsonValueKind.Undefined
        && (allowed.HasFlag(JsonKinds.String) ? (Kind(kind) & allowed & JsonKinds.NotString) != 0 : true);
}
