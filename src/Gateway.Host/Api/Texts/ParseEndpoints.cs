using System.Text;
using System.Text.Json;
using Gateway.Actors.Registry;
using Gateway.Host.Serving.Tokens.Planning;
using Gateway.Host.Serving.Tokens.Requests;
using Gateway.Text.Parsers;

namespace Gateway.Host.Api.Texts;

/// <summary>Takes a whole answer of a model apart: <c>/parse/function_call</c> and <c>/parse/reasoning</c>. The parser is named, or a model whose parser it is.</summary>
internal sealed class ParseEndpoints(RegistryView view, ModelTexts texts)
{
    /// <summary><c>POST /parse/function_call</c></summary>
    public TextAnswer FunctionCalls(FieldReader fields, CancellationToken cancellation)
    {
        var text = RequiredText(fields, "text");
        var tools = ReadTools(fields);
        var format = FormatOf(fields, "tool_call_parser", static name => ToolDialects.TryFind(name, out var dialect) ? new ChatOutputFormat(null, dialect) : null, ToolDialects.Names);
        if (fields.Error is not null)
            return fields.Error;
        var message = ChatOutputParser.Parse(
            format.IsHarmony ? format : format with { Reasoning = null }, new ChatOutputOptions { Tools = tools }, text);
        return JsonAnswer.Format(json =>
        {
            json.WriteStartObject();
            json.WriteString("remaining_text"u8, message.Content ?? "");
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in message.ToolCalls)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, call.Id);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, call.Name);
                json.WriteString("arguments"u8, call.Arguments);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteBoolean("success"u8, message.ToolCalls.All(static call => call.Complete));
            json.WriteEndObject();
        });
    }

    /// <summary><c>POST /parse/reasoning</c></summary>
    public TextAnswer Reasoning(FieldReader fields, CancellationToken cancellation)
    {
        var text = RequiredText(fields, "text");
        var format = FormatOf(fields, "reasoning_parser", static name => ReasoningDialects.TryFind(name, out var dialect) ? new ChatOutputFormat(dialect, null) : null, ReasoningDialects.Names);
        if (fields.Error is not null)
            return fields.Error;
        var message = ChatOutputParser.Parse(format, new ChatOutputOptions(), text);
        return JsonAnswer.Format(json =>
        {
            json.WriteStartObject();
            json.WriteString("normal_text"u8, message.Content ?? "");
            json.WriteString("reasoning_text"u8, message.Reasoning ?? "");
            json.WriteBoolean("success"u8, true);
            json.WriteEndObject();
        });
    }

    private ChatOutputFormat FormatOf(FieldReader fields, string field, Func<string, ChatOutputFormat?> named, IReadOnlyList<string> names)
    {
        if (fields.Text(field) is { } name)
        {
            if (named(name) is { } format)
                return format;
            fields.Refuse(FieldError.NotAmong(field, name, [.. names]));
        }
        else if (fields.Text("model") is not { } model)
        {
            fields.Refuse(FieldError.Missing(field));
        }
        else if (view.Current.FindModel(Encoding.UTF8.GetBytes(model)) is { } served && texts.Find(served) is { } text)
        {
            return text.Format;
        }
        else
        {
            // What a model speaks its name tells, whether or not anybody serves it.
            return ChatOutputFormat.For(model);
        }

        return ChatOutputFormat.Plain;
    }

    private static string RequiredText(FieldReader fields, string name)
    {
        if (fields.Find(name) is null)
            fields.Refuse(FieldError.Missing(name));
        return fields.Text(name) ?? "";
    }

    /// <summary>As chat requests have them, or the functions alone.</summary>
    private static List<ToolDefinition> ReadTools(FieldReader fields)
    {
        var tools = new List<ToolDefinition>();
        if (fields.Array("tools") is not { } array || array.GetArrayLength() == 0)
        {
            // Calls are recognized by the functions that were offered.
            fields.Refuse(FieldError.Missing("tools"));
            return tools;
        }

        foreach (var tool in array.EnumerateArray())
        {
            var path = $"tools[{tools.Count}]";
            var function = tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("function", out var inner) ? inner : tool;
            if (function.ValueKind != JsonValueKind.Object || !function.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
            {
                fields.Refuse(FieldError.Missing(path + ".function.name"));
                return tools;
            }

            tools.Add(new ToolDefinition(name.GetString()!, function.TryGetProperty("parameters", out var schema) ? schema : null));
        }

        return tools;
    }
}
