using System.Text.Json;

namespace Gateway.Text.Parsers.Constraints;

/// <summary>Reads OpenAI's tool_choice: a word, a function, or a list of those that are allowed.</summary>
internal static class ToolChoiceReader
{
    /// <param name="allowed">The tools that are left to the model.</param>
    public static bool TryRead(
        JsonElement? choice, IReadOnlyList<ToolDefinition> tools, out ToolChoice result, out IReadOnlyList<ToolDefinition> allowed, out string? error)
    {
        (allowed, error) = (tools, null);
        result = new(tools.Count == 0 ? ToolChoiceKind.None : ToolChoiceKind.Auto);
        if (choice is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value)
            return true;
        if (value.ValueKind == JsonValueKind.String)
            return TryReadMode(value.GetString(), tools, ref result, ref allowed, out error);
        return JsonMembers.String(value, "type") switch
        {
            "function" => TryReadFunction(value, tools, ref result, ref allowed, out error),
            "allowed_tools" => TryReadAllowed(value, tools, ref result, ref allowed, out error),
            _ => Refuse("tool_choice must be none, auto, required, or an object of type function or allowed_tools", out error),
        };
    }

    private static bool TryReadMode(
        string? mode, IReadOnlyList<ToolDefinition> tools, ref ToolChoice result, ref IReadOnlyList<ToolDefinition> allowed, out string? error)
    {
        error = null;
        switch (mode)
        {
            case "auto":
                return true;
            case "none":
                result = new(ToolChoiceKind.None);
                allowed = [];
                return true;
            case "required" when tools.Count > 0:
                result = new(ToolChoiceKind.Required);
                return true;
            case "required":
                return Refuse("tool_choice is required, but the request has no tools", out error);
            default:
                return Refuse($"tool_choice must be none, auto or required, not '{mode}'", out error);
        }
    }

    private static bool TryReadFunction(
        JsonElement choice, IReadOnlyList<ToolDefinition> tools, ref ToolChoice result, ref IReadOnlyList<ToolDefinition> allowed, out string? error)
    {
        // The Responses API has the name one level higher.
        var name = JsonMembers.String(JsonMembers.Get(choice, "function"), "name") ?? JsonMembers.String(choice, "name");
        if (!TryFind(name, "tool_choice", tools, out var tool, out error))
            return false;
        result = new(ToolChoiceKind.Named, name);
        allowed = [tool!];
        return true;
    }

    private static bool TryReadAllowed(
        JsonElement choice, IReadOnlyList<ToolDefinition> tools, ref ToolChoice result, ref IReadOnlyList<ToolDefinition> allowed, out string? error)
    {
        var list = JsonMembers.Get(choice, "allowed_tools") ?? choice;
        if (JsonMembers.Get(list, "tools") is not { ValueKind: JsonValueKind.Array } names || names.GetArrayLength() == 0)
            return Refuse("tool_choice.allowed_tools.tools must name at least one function", out error);
        var chosen = new List<ToolDefinition>();
        foreach (var entry in names.EnumerateArray())
        {
            var name = JsonMembers.String(JsonMembers.Get(entry, "function"), "name") ?? JsonMembers.String(entry, "name");
            if (!TryFind(name, "tool_choice.allowed_tools", tools, out var tool, out error))
                return false;
            chosen.Add(tool!);
        }

        if (JsonMembers.String(list, "mode") is not ("auto" or "required") and var mode)
            return Refuse($"tool_choice.allowed_tools.mode must be auto or required, not '{mode}'", out error);
        result = new(JsonMembers.String(list, "mode") == "required" ? ToolChoiceKind.Required : ToolChoiceKind.Auto);
        allowed = chosen;
        error = null;
        return true;
    }

    private static bool TryFind(
        string? name, string member, IReadOnlyList<ToolDefinition> tools, out ToolDefinition? tool, out string? error)
    {
        tool = null;
        if (string.IsNullOrEmpty(name))
            return Refuse($"{member} must name a function", out error);
        foreach (var candidate in tools)
        {
            if (candidate.Name == name)
                tool = candidate;
        }

        error = null;
        return tool is not null || Refuse($"{member} names the function '{name}', which is not among the tools", out error);
    }

    private static bool Refuse(string message, out string? error)
    {
        error = message;
        return false;
    }
}
