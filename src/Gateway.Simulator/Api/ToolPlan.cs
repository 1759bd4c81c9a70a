using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>
/// Decides whether a chat request is answered with tool calls. It is if <c>tool_choice</c> demands it, or if the last message
/// is the user's and contains a tool's name. Arguments are made up from the tool's schema.
/// </summary>
internal static class ToolPlan
{
    /// <returns>Null if it is to be answered in words.</returns>
    public static Answer? TryAnswer(JsonElement request, ulong seed, int most)
    {
        if (request.Get("tools") is not { ValueKind: JsonValueKind.Array } tools)
            return null;
        var functions = tools.EnumerateArray().Select(static tool => tool.Get("function")).OfType<JsonElement>().ToList();
        var called = Choose(request, functions);
        return called.Count == 0 ? null : Call(called, seed, most);
    }

    private static List<JsonElement> Choose(JsonElement request, List<JsonElement> functions)
    {
        if (request.Get("tool_choice") is { ValueKind: JsonValueKind.Object } named)
        {
            var name = named.Get("function")?.GetText("name");
            var function = functions.FindAll(function => function.GetText("name") == name);
            return function.Count > 0 ? function[..1] : throw ApiException.Invalid("tool_choice", $"There is no tool '{name}'.");
        }

        var mode = request.GetText("tool_choice");
        if (mode == "none")
            return [];
        var mentioned = functions.FindAll(function => IsMentioned(request, function.GetText("name")));
        if (mentioned.Count > 1 && request.Get("parallel_tool_calls") is { ValueKind: JsonValueKind.False })
            mentioned = mentioned[..1];
        return mentioned.Count == 0 && mode == "required" && functions.Count > 0 ? functions[..1] : mentioned;
    }

    private static bool IsMentioned(JsonElement request, string? name)
    {
        // After the results of its tools a model speaks, or a client that runs tools would go round for ever.
        var last = request.GetProperty("messages").EnumerateArray().Last();
        return name is not null && ChatPrompt.RoleOf(last) == "user" && ChatPrompt.TextOf(last).Contains(name, StringComparison.Ordinal);
    }

    private static Answer Call(List<JsonElement> functions, ulong seed, int most)
    {
        var answer = Answer.Empty;
        var calls = new List<ToolCall>();
        foreach (var function in functions)
        {
            var arguments = function.Get("parameters") is { } schema ? SchemaSample.Of(schema) : "{}";
            var part = AnswerWriter.Fixed(arguments, int.MaxValue);
            var id = $"call_{FillerText.Next(seed + (ulong)calls.Count):x16}";
            calls.Add(new ToolCall(id, function.GetText("name") ?? "", arguments, answer.Pieces.Length));
            answer = answer with { Tokens = [.. answer.Tokens, .. part.Tokens], Pieces = [.. answer.Pieces, .. part.Pieces] };
        }

        // Cut calls would not be valid JSON; a model that runs out of tokens in a call has made none.
        return answer.Tokens.Length > most
            ? AnswerWriter.Fixed(string.Concat(answer.Pieces), most)
            : answer with { ToolCalls = calls, FinishReason = "tool_calls" };
    }
}
