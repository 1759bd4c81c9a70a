using Gateway.Actors.Workers;
using YamlDotNet.RepresentationModel;

namespace Gateway.Host.Configuration;

/// <summary>What a configuration file says.</summary>
internal sealed record FileContent(
    IReadOnlyList<Setting> Settings,
    EquatableArray<WorkerSpec> Workers,
    EquatableArray<TenantOptions> Tenants,
    EquatableArray<KeyOptions> Keys,
    EquatableArray<ModelOptions> Models)
{
    public static FileContent Empty { get; } = new([], [], [], [], []);
}

/// <summary>
/// Reads settings from a YAML or JSON file. Its keys are the flags' names, with dashes or underscores, <c>workers</c>,
/// a list in the format of the workers file, <c>tenants</c>, <c>keys</c>, and <c>models</c>.
/// </summary>
internal static class ConfigurationFile
{
    private static readonly string[] Sections = [WorkersFileFormat.ListKey, TenantReader.ListKey, KeyReader.ListKey, ModelReader.Key];

    public static FileContent Read(string path, string place)
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

    public static FileContent Parse(string path, string text)
    {
        YamlNode? root;
        try
        {
            root = YamlDocument.Parse(text);
        }
        catch (FormatException failure)
        {
            throw new ConfigurationException($"{path}:{failure.Message}");
        }

        return root switch
        {
            null => FileContent.Empty,
            YamlScalarNode scalar when YamlToJson.IsNull(scalar) => FileContent.Empty,
            YamlMappingNode mapping => ReadMapping(path, mapping),
            _ => throw new ConfigurationException($"{path}: must be one mapping of option names to values"),
        };
    }

    private static FileContent ReadMapping(string path, YamlMappingNode mapping)
    {
        return new FileContent(
            [.. mapping.Children.Where(static pair => !IsSection(pair.Key)).Select(pair => ReadSetting(path, pair.Key, pair.Value))],
            ReadSection(path, mapping, WorkersFileFormat.ListKey, WorkersFileFormat.Read),
            ReadSection(path, mapping, TenantReader.ListKey, static list => TenantReader.ReadList(YamlToJson.Convert(list))),
            ReadSection(path, mapping, KeyReader.ListKey, static list => KeyReader.ReadList(YamlToJson.Convert(list))),
            ReadSection(path, mapping, ModelReader.Key, static models => ModelReader.ReadAll(YamlToJson.Convert(models))));
    }

    private static bool IsSection(YamlNode key) => key is YamlScalarNode { Value: { } name } && Sections.Contains(name);

    private static EquatableArray<T> ReadSection<T>(string path, YamlMappingNode mapping, string key, Func<YamlNode, EquatableArray<T>> read)
    {
        if (!mapping.Children.TryGetValue(new YamlScalarNode(key), out var section))
            return [];
        try
        {
            return read(section);
        }
        catch (FormatException failure)
        {
            throw new ConfigurationException($"{path}:{section.Start.Line}: {failure.Message}");
        }
    }

    private static Setting ReadSetting(string path, YamlNode keyNode, YamlNode value)
    {
        var line = keyNode.Start.Line;
        var key = (keyNode as YamlScalarNode)?.Value ?? "";
        var option = OptionCatalog.Find(key.Replace('_', '-'))
            ?? throw new ConfigurationException($"{path}:{line}: unknown key '{key}'{DidYouMean.Hint(key.Replace('_', '-'), Names)}");
        var place = $"{path}:{line}: {key}";
        return new Setting(option, Words(value, place, option.IsMap), place);
    }

    private static IEnumerable<string> Names => OptionCatalog.All.Select(static option => option.Name).Concat(Sections);

    private static IReadOnlyList<string> Words(YamlNode value, string place, bool mayBeMap) => value switch
    {
        YamlScalarNode scalar => YamlToJson.IsNull(scalar) ? [] : [scalar.Value!],
        YamlSequenceNode list when list.Children.All(static item => item is YamlScalarNode scalar && !YamlToJson.IsNull(scalar)) =>
            [.. list.Children.Select(static item => ((YamlScalarNode)item).Value!)],
        YamlMappingNode map when mayBeMap && map.Children.All(static pair => pair is { Key: YamlScalarNode, Value: YamlScalarNode }) =>
            [.. map.Children.Select(static pair => $"{((YamlScalarNode)pair.Key).Value}={((YamlScalarNode)pair.Value).Value}")],
        _ => throw new ConfigurationException($"{place}: must be a value or a list of values"),
    };
}
