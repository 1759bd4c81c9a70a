using Gateway.Actors.Workers;
using YamlDotNet.RepresentationModel;

namespace Gateway.Host.Configuration;

/// <summary>The workers file: a YAML or JSON list of workers, or a mapping with that list under <c>workers</c>.</summary>
internal static class WorkersFileFormat
{
    public const string ListKey = "workers";

    /// <exception cref="FormatException">The message says in one line what is wrong, and where.</exception>
    public static EquatableArray<WorkerSpec> Parse(string text)
    {
        var root = YamlDocument.Parse(text);
        var list = root switch
        {
            YamlSequenceNode => root,
            YamlMappingNode { Children: { Count: 1 } children } when children.TryGetValue(new YamlScalarNode(ListKey), out var value) => value,
            _ => throw new FormatException($"must be a list of workers, or a mapping with nothing but '{ListKey}'"),
        };
        return Read(list);
    }

    /// <summary>Reads the list itself.</summary>
    /// <exception cref="FormatException">The message says in one line what is wrong, and where.</exception>
    public static EquatableArray<WorkerSpec> Read(YamlNode list) =>
        list is YamlScalarNode scalar && YamlToJson.IsNull(scalar) ? [] : WorkerSpecReader.ReadList(YamlToJson.Convert(list), ListKey);
}
