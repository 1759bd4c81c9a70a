using Gateway.Actors.Workers;
using YamlDotNet.RepresentationModel;

namespace Gateway.Host.Configuration;

/// <summary>The keys file: a YAML or JSON list of keys, or a mapping with that list under <c>keys</c>.</summary>
internal static class KeysFile
{
    /// <exception cref="FormatException">It cannot be read, or is wrong; the message names no key.</exception>
    public static EquatableArray<KeyOptions> Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FormatException("cannot be read");
        }

        return Parse(text);
    }

    /// <exception cref="FormatException">The message says in one line what is wrong, and where.</exception>
    public static EquatableArray<KeyOptions> Parse(string text) => KeyReader.ReadList(YamlToJson.Convert(YamlDocument.Parse(text) switch
    {
        YamlSequenceNode list => list,
        YamlMappingNode { Children: { Count: 1 } children } when children.TryGetValue(new YamlScalarNode(KeyReader.ListKey), out var list) => list,
        _ => throw new FormatException($"must be a list of keys, or a mapping with nothing but '{KeyReader.ListKey}'"),
    }));
}
