using System.Text;
using System.Text.Json;

namespace Gateway.Simulator.Api;

/// <summary>
/// Stands in for a chat template. The text of a conversation begins with the text of its earlier turns,
/// so that a next turn finds the last one in the prefix cache.
/// </summary>
internal static class ChatPrompt
{
    public static string Render(JsonElement request)
    {
        if (request.Get("messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
            throw ApiException.Invalid("messages", "'messages' must be an array with at least one message.");
        var text = new StringBuilder();
        if (request.Get("tools") is { } tools)
            text.Append("<|tools|>\n").Append(tools.GetRawText()).Append('\n');
        foreach (var message in messages.EnumerateArray())
        {
            text.Append("<|").Append(RoleOf(message)).Append("|>\n").Append(TextOf(message));
            if (message.Get("tool_calls") is { } calls)
                text.Append(calls.GetRawText());
            text.Append('\n');
        }

        return text.Append("<|assistant|>\n").ToString();
    }

    public static string RoleOf(JsonElement message) =>
        message.GetText("role") ?? throw ApiException.Invalid("messages", "Each message must have a role.");

    /// <summary>The words of a message; parts that are not text are named by their type.</summary>
    public static string TextOf(JsonElement message) => message.Get("content") switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(PartText)),
        _ => throw ApiException.Invalid("messages", "'content' must be a string or an array of parts."),
    };

    private static string PartText(JsonElement part) => part.GetText("text") ?? $"[{part.GetText("type")}]";
}
