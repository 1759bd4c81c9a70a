using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gateway.Host.Configuration;

/// <summary>Turns YAML into JSON, so that both are read by the same code. Words are taken as YAML 1.2 has them.</summary>
internal static class YamlToJson
{
    /// <summary>Deeper documents are mistakes, or an anchor that contains itself.</summary>
    private const int DeepestNesting = 32;

    /// <exception cref="FormatException">It is nested too deeply, or has a key that is not a word.</exception>
    public static JsonElement Convert(YamlNode node) => JsonSerializer.SerializeToElement(ToJson(node, 0));

    private static JsonNode? ToJson(YamlNode node, int depth)
    {
        if (depth > DeepestNesting)
            throw new FormatException($"line {node.Start.Line}: nested too deeply");
        return node switch
        {
            YamlScalarNode scalar => Scalar(scalar),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(item => ToJson(item, depth + 1))]),
            YamlMappingNode mapping => new JsonObject(mapping.Children.Select(pair => KeyValuePair.Create(Key(pair.Key), ToJson(pair.Value, depth + 1)))),
            _ => throw new FormatException($"line {node.Start.Line}: neither a value nor a list nor a mapping"),
        };
    }

    private static string Key(YamlNode key) =>
        (key as YamlScalarNode)?.Value ?? throw new FormatException($"line {key.Start.Line}: a key must be a word");

    public static bool IsNull(YamlScalarNode scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null" or "Null" or "NULL";

    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        if (IsNull(scalar))
            return null;
        var word = scalar.Value!;
        if (scalar.Style != ScalarStyle.Plain)
            return JsonValue.Create(word);
        if (word is "true" or "True" or "TRUE")
            return JsonValue.Create(true);
        if (word is "false" or "False" or "FALSE")
            return JsonValue.Create(false);
        if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return JsonValue.Create(whole);
        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(word);
    }
}
