using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gateway.Host.Configuration;

/// <summary>Reads a text that holds one YAML or JSON document (JSON is YAML too).</summary>
internal static class YamlDocument
{
    /// <returns>Null for an empty text.</returns>
    /// <exception cref="FormatException">It is not YAML; the message begins with the line's number.</exception>
    public static YamlNode? Parse(string text)
    {
        var documents = new YamlStream();
        try
        {
            documents.Load(new StringReader(text));
        }
        catch (YamlException failure)
        {
            throw new FormatException($"{failure.Start.Line}: {failure.Message.ReplaceLineEndings(" ")}");
        }

        return documents.Documents switch
        {
            [] => null,
            [var only] => only.RootNode,
            _ => throw new FormatException("1: there must be one document only"),
        };
    }
}
