using System.Text.Json;
using Gateway.Text.Parsers;

namespace Gateway.Text.Tests.Parsers;

/// <summary>Parses texts whole and in pieces, with the tools that all examples use.</summary>
internal static class Parsing
{
    public static readonly IReadOnlyList<ToolDefinition> Tools =
    [
        Tool("get_weather", """{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"},"units":{"enum":["c","f"]}}}"""),
        Tool("search", """
            {"type":"object","properties":{"query":{"type":"string"},"limit":{"type":["integer","null"]},"exact":{"type":"boolean"},
            "filters":{"$ref":"#/$defs/filters"},"ratio":{"anyOf":[{"type":"number"},{"type":"string"}]},"note":{"type":["string","null"]}},
            "$defs":{"filters":{"type":"object"}}}
            """),
        Tool("save", """{"type":"object","properties":{"path":{"type":"string"},"text":{"type":"string"},"tags":{"type":"array","items":{}}}}"""),
        new("now"),
    ];

    public static readonly ChatOutputOptions WithTools = new() { Tools = Tools };

    public static ToolDefinition Tool(string name, string schema) => new(name, JsonDocument.Parse(schema).RootElement);

    public static ChatOutputFormat Speaking(string dialect) =>
        ToolDialects.TryFind(dialect, out var found) ? new(null, found) : throw new ArgumentException(dialect);

    public static ChatOutputFormat Thinking(string dialect, string? tools = null) =>
        ReasoningDialects.TryFind(dialect, out var found)
            ? new(found, tools is null ? null : Speaking(tools).Tools)
            : throw new ArgumentException(dialect);

    public static EventLog Whole(ChatOutputFormat format, ChatOutputOptions options, string text) => InPieces(format, options, [text]);

    public static EventLog InPieces(ChatOutputFormat format, ChatOutputOptions options, IEnumerable<string> pieces)
    {
        var log = new EventLog();
        var parser = new ChatOutputParser(format, options, log, new Random(1));
        foreach (var piece in pieces)
            parser.Push(piece);
        parser.Finish();
        return log;
    }

    public static EventLog ByCharacter(ChatOutputFormat format, ChatOutputOptions options, string text) =>
        InPieces(format, options, text.Select(static character => character.ToString()));

    /// <summary>All ways of cutting a text in two.</summary>
    public static IEnumerable<string[]> Halves(string text) =>
        Enumerable.Range(0, text.Length + 1).Select(at => new[] { text[..at], text[at..] });

    public static IEnumerable<string> Cut(string text, IEnumerable<int> lengths)
    {
        var start = 0;
        foreach (var length in lengths)
        {
            var end = Math.Min(text.Length, start + length);
            yield return text[start..end];
            start = end;
        }

        yield return text[start..];
    }
}
