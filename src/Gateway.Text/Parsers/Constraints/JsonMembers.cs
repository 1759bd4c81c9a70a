using System.Text.Json;

namespace Gateway.Text.Parsers.Constraints;

/// <summary>Looks into JSON that may be anything.</summary>
internal static class JsonMembers
{
    public static JsonElement? Get(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var member) ? member : null;

    public static string? String(JsonElement? element, string name) =>
        Get(element, name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;
}
