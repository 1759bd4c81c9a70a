using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gateway.Host.Configuration;

/// <summary>Reads settings from a YAML or JSON file (JSON is YAML too). Its keys are the flags' names, with dashes or underscores.</summary>
internal static class ConfigurationFile
{
    public static IReadOnlyList<Setting> Read(string path, string place)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ConfigurationException($"{place}: cannot read '{path}'");
        }

        return Parse(path, text);
    }

    public static IReadOnlyList<Setting> Parse(string path, string text)
    {
        var documents = new YamlStream();
        try
        {
            documents.Load(new StringReader(text));
        }
        catch (YamlException failure)
        {
            throw new ConfigurationException($"{path}:{failure.Start.Line}: {OneLine(failure.Message)}");
        }

        return documents.Documents switch
        {
            [] => [],
            [{ RootNode: YamlMappingNode root }] => [.. root.Children.Select(pair => ReadSetting(path, pair.Key, pair.Value))],
            _ => throw new ConfigurationException($"{path}: must be one mapping of option names to values"),
        };
    }

    private static Setting ReadSetting(string path, YamlNode keyNode, YamlNode value)
    {
        var line = keyNode.Start.Line;
        var key = (keyNode as YamlScalarNode)?.Value ?? "";
        var option = OptionCatalog.Find(key.Replace('_', '-'))
            ?? throw new ConfigurationException($"{path}:{line}: unknown key '{key}'{DidYouMean.Hint(key.Replace('_', '-'), Names)}");
        var place = $"{path}:{line}: {key}";
        return new Setting(option, Words(value, place), place);
    }

    private static IEnumerable<string> Names => OptionCatalog.All.Select(static option => option.Name);

    private static IReadOnlyList<string> Words(YamlNode value, string place) => value switch
    {
        YamlScalarNode scalar => IsNull(scalar) ? [] : [scalar.Value!],
        YamlSequenceNode list when list.Children.All(static item => item is YamlScalarNode scalar && !IsNull(scalar)) =>
            [.. list.Children.Select(static item => ((YamlScalarNode)item).Value!)],
        _ => throw new ConfigurationException($"{place}: must be a value or a list of values"),
    };

    private static bool IsNull(YamlScalarNode scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null";

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
