using System.Globalization;
using System.Text.Json;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>Reads a classifier's <c>id2label</c>, a JSON object with numbers as its keys. Whatever has another shape counts as not said.</summary>
internal static class ClassLabels
{
    /// <summary>More classes than models have; a number beyond is nonsense.</summary>
    private const int Most = 65_536;

    public static EquatableArray<string> Parse(string json)
    {
        if (json.Length == 0)
            return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static EquatableArray<string> Read(JsonElement json)
    {
        var labels = new List<string>();
        foreach (var property in json.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String
                || !int.TryParse(property.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= Most)
                continue;
            while (labels.Count <= number)
                labels.Add("");
            labels[number] = property.Value.GetString()!;
        }

        return [.. labels];
    }
}
