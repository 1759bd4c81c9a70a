using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Text.Tests.Parsers.Generated;

/// <summary>A call as a model means it.</summary>
internal sealed record MeantCall(string Name, JsonObject Arguments);

/// <summary>Writes calls as a model of a dialect would.</summary>
internal static class DialectWriter
{
    private static readonly JsonSerializerOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions _escaped = new() { WriteIndented = true };

    /// <summary>Whether members that a parser does not know may be dropped, which a mutation could make of known ones.</summary>
    public static bool HasMembers(string dialect) => dialect is "json" or "llama" or "qwen" or "cohere" or "nemotron";

    /// <param name="style">Where models differ, which way is taken.</param>
    public static string Write(string dialect, IReadOnlyList<MeantCall> calls, int style)
    {
        string Json(MeantCall call) => call.Arguments.ToJsonString(style % 2 == 0 ? _readable : _escaped);
        string Object(MeantCall call, string name, string arguments) => style % 3 == 0
            ? $$"""{"{{arguments}}": {{Json(call)}}, "{{name}}": "{{call.Name}}"}"""
            : $$"""{"{{name}}": "{{call.Name}}", "{{arguments}}": {{Json(call)}}}""";
        string Each(Func<MeantCall, int, string> write, string between = "") => string.Join(between, calls.Select(write));
        string Tags(MeantCall call, Func<string, JsonNode?, string> write) =>
            string.Concat(call.Arguments.Select(argument => write(argument.Key, argument.Value)));

        return dialect switch
        {
            "json" when style % 2 == 0 => Each((call, _) => Object(call, "name", "arguments"), "\n"),
            "json" => $"[{Each((call, _) => Object(call, "name", "parameters"), ",\n ")}]",
            "llama" => "<|python_tag|>" + Each((call, _) => Object(call, "name", "parameters"), "; "),
            "qwen" => Each((call, _) => $"<tool_call>\n{Object(call, "name", "arguments")}\n</tool_call>", "\n"),
            "cohere" => $"<|START_ACTION|>[\n    {Each((call, _) => Object(call, "tool_name", "parameters"), ",\n    ")}\n]<|END_ACTION|>",
            "nemotron" => $"<TOOLCALL>[{Each((call, _) => Object(call, "name", "arguments"), ", ")}]</TOOLCALL>",
            "mistral" => Each((call, _) => $"[TOOL_CALLS]{call.Name}{(style % 2 == 0 ? "[ARGS]" : "")}{Json(call)}"),
            "deepseek" => "<｜tool▁calls▁begin｜>" + Each((call, _) =>
                $"<｜tool▁call▁begin｜>function<｜tool▁sep｜>{call.Name}\n```json\n{Json(call)}\n```<｜tool▁call▁end｜>", "\n") + "<｜tool▁calls▁end｜>",
            "deepseek31" => "<｜tool▁calls▁begin｜>" + Each((call, _) =>
                $"<｜tool▁call▁begin｜>{call.Name}<｜tool▁sep｜>{Json(call)}<｜tool▁call▁end｜>") + "<｜tool▁calls▁end｜>",
            "kimik2" => "<|tool_calls_section_begin|>" + Each((call, i) =>
                $"<|tool_call_begin|>functions.{call.Name}:{i}<|tool_call_argument_begin|>{Json(call)}<|tool_call_end|>") + "<|tool_calls_section_end|>",
            "qwen_xml" => Each((call, _) =>
                $"<tool_call>\n<function={call.Name}>\n{Tags(call, static (key, value) => $"<parameter={key}>\n{Plain(value)}\n</parameter>\n")}</function>\n</tool_call>", "\n"),
            "deepseek32" => "<｜DSML｜function_calls>\n" + Each((call, _) =>
                $"<｜DSML｜invoke name=\"{call.Name}\">\n{Tags(call, static (key, value) => $"<｜DSML｜parameter name=\"{key}\" string=\"{(IsString(value) ? "true" : "false")}\">{Plain(value)}</｜DSML｜parameter>\n")}</｜DSML｜invoke>\n") + "</｜DSML｜function_calls>",
            "glm45_moe" => Each((call, _) =>
                $"<tool_call>{call.Name}\n{Tags(call, static (key, value) => $"<arg_key>{key}</arg_key>\n<arg_value>{Plain(value)}</arg_value>\n")}</tool_call>", "\n"),
            "glm47_moe" => Each((call, _) =>
                $"<tool_call>{call.Name}{Tags(call, static (key, value) => $"<arg_key>{key}</arg_key><arg_value>{Plain(value)}</arg_value>")}</tool_call>"),
            "step3" => "<｜tool_calls_begin｜>\n" + Each((call, _) =>
                $"<｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name=\"{call.Name}\">\n{Tags(call, static (key, value) => $"<steptml:parameter name=\"{key}\">{Plain(value)}</steptml:parameter>\n")}</steptml:invoke><｜tool_call_end｜>\n") + "<｜tool_calls_end｜>",
            "minimax_m2" => "<minimax:tool_call>\n" + Each((call, _) =>
                $"<invoke name=\"{call.Name}\">\n{Tags(call, static (key, value) => $"<parameter name=\"{key}\">{Plain(value)}</parameter>\n")}</invoke>\n") + "</minimax:tool_call>",
            "pythonic" => $"[{Each((call, _) => $"{call.Name}({string.Join(", ", call.Arguments.Select(static argument => $"{argument.Key}={Python(argument.Value)}"))})", ", ")}]",
            "harmony" => Each((call, _) =>
                $"<|channel|>commentary to=functions.{call.Name} <|constrain|>json<|message|>{Json(call)}<|call|>", "<|start|>assistant"),
            _ => throw new ArgumentException(dialect),
        };
    }

    private static bool IsString(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String;

    private static string Plain(JsonNode? value) => IsString(value) ? value!.GetValue<string>() : value?.ToJsonString(_readable) ?? "null";

    private static string Python(JsonNode? value)
    {
        switch (value?.GetValueKind())
        {
            case null or JsonValueKind.Null:
                return "None";
            case JsonValueKind.True:
                return "True";
            case JsonValueKind.False:
                return "False";
            case JsonValueKind.Number:
                return value.ToJsonString();
            case JsonValueKind.String:
                var text = new StringBuilder("'");
                foreach (var character in value.GetValue<string>())
                    text.Append(character switch { '\'' => "\\'", '\\' => "\\\\", '\n' => "\\n", _ => character.ToString() });
                return text.Append('\'').ToString();
            case JsonValueKind.Array:
                return $"[{string.Join(", ", value.AsArray().Select(Python))}]";
            default:
                return $"{{{string.Join(", ", value.AsObject().Select(static member => $"{Python(JsonValue.Create(member.Key))}: {Python(member.Value)}"))}}}";
        }
    }
}
