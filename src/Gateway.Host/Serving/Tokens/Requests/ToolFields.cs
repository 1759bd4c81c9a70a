using System.Text.Json;
using Gateway.Text.Parsers;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>Reads the functions that a chat request offers to the model.</summary>
internal static class ToolFields
{
    /// <returns>Copies, which live as long as they are used; empty if something is wrong, which <paramref name="fields"/> then knows.</returns>
    public static IReadOnlyList<ToolDefinition> Read(FieldReader fields)
    {
        if (fields.Find("functions") is not null)
            fields.Refuse(FieldError.Unsupported("functions", "'functions' is deprecated and not supported: use 'tools' instead."));
        if (fields.Array("tools") is not { } given)
            return [];
        var array = given.Clone();
        var tools = new List<ToolDefinition>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
        {
            var path = $"tools[{tools.Count}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                fields.Refuse(FieldError.WrongType(path, "an object", item));
                return [];
            }

            var tool = new FieldReader(item, path + ".");
            if (tool.Text("type") is { } type and not "function")
                tool.Refuse(FieldError.NotAmong(path + ".type", type, "function"));
            if (tool.Object("function") is { } function)
                Add(tools, new FieldReader(function, path + ".function."), tool, path);
            else
                tool.Refuse(FieldError.Missing(path + ".function"));
            if (tool.Error is { } error)
            {
                fields.Refuse(error);
                return [];
            }
        }

        return tools;
    }

    private static void Add(List<ToolDefinition> tools, FieldReader function, FieldReader tool, string path)
    {
        var name = function.Text("name");
        if (string.IsNullOrEmpty(name))
            function.Refuse(FieldError.Missing(path + ".function.name"));
        tools.Add(new ToolDefinition(name ?? "", function.Object("parameters"), function.Text("description")));
        if (function.Error is { } error)
            tool.Refuse(error);
    }
}
