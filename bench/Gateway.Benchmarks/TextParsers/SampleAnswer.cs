using System.Text.Json;
using Gateway.Text.Parsers;

namespace Gateway.Benchmarks.TextParsers;

/// <summary>An answer of a dialect, cut into pieces as long as a token usually is.</summary>
internal sealed record SampleAnswer(string Name, ChatOutputFormat Format, string[] Pieces)
{
    /// <summary>Characters of a token of English prose, roughly.</summary>
    private const int PieceLength = 4;

    private const string Sentence = "The weather in Paris is mild today; take a coat for the evening, and don't forget what the {forecast} said [1]. ";
    private const string Value = "A note of some length, with \\\"quotes\\\", as models write when they save what they have found out so far. ";
    private const string Json = "{\"path\": \"/notes/1.md\", \"text\": \"" + Value + Value + Value + Value + "\"}";

    public static readonly ChatOutputOptions Options = new()
    {
        Tools = [new("save", JsonDocument.Parse("""{"type":"object","properties":{"path":{"type":"string"},"text":{"type":"string"}}}""").RootElement)],
    };

    public static IEnumerable<SampleAnswer> All()
    {
        yield return Of("prose, no parser", ChatOutputFormat.Plain, Prose());
        foreach (var (dialect, call) in Calls())
        {
            ToolDialects.TryFind(dialect, out var tools);
            yield return Of($"prose, {dialect}", new(null, tools), Prose());
            yield return Of($"calls, {dialect}", new(null, tools), Sentence + call + call + call);
        }

        ReasoningDialects.TryFind("qwen3", out var reasoning);
        ToolDialects.TryFind("qwen", out var qwen);
        yield return Of("thinking and prose, qwen3", new(reasoning, qwen), $"<think>\n{Prose()}</think>\n\n{Prose()}");
        yield return Of(
            "thinking and calls, harmony",
            ChatOutputFormat.Harmony,
            $"<|channel|>analysis<|message|>{Prose()}<|end|><|start|>assistant<|channel|>commentary to=functions.save <|constrain|>json<|message|>{Json}<|call|>");
    }

    private static IEnumerable<(string Dialect, string Call)> Calls()
    {
        const string Named = "{\"name\": \"save\", \"arguments\": " + Json + "}";
        var text = Value.Replace("\\", "", StringComparison.Ordinal);
        text = text + text + text + text;
        yield return ("json", Named);
        yield return ("llama", "<|python_tag|>" + Named.Replace("arguments", "parameters", StringComparison.Ordinal));
        yield return ("qwen", $"<tool_call>\n{Named}\n</tool_call>\n");
        yield return ("cohere", $"<|START_ACTION|>[{Named}]<|END_ACTION|>");
        yield return ("mistral", "[TOOL_CALLS]save[ARGS]" + Json);
        yield return ("deepseek", $"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>save\n```json\n{Json}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>");
        yield return ("deepseek31", $"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>save<｜tool▁sep｜>{Json}<｜tool▁call▁end｜><｜tool▁calls▁end｜>");
        yield return ("kimik2", $"<|tool_calls_section_begin|><|tool_call_begin|>functions.save:0<|tool_call_argument_begin|>{Json}<|tool_call_end|><|tool_calls_section_end|>");
        yield return ("qwen_xml", $"<tool_call>\n<function=save>\n<parameter=path>\n/notes/1.md\n</parameter>\n<parameter=text>\n{text}\n</parameter>\n</function>\n</tool_call>\n");
        yield return ("deepseek32", $"<｜DSML｜function_calls>\n<｜DSML｜invoke name=\"save\">\n<｜DSML｜parameter name=\"text\" string=\"true\">{text}</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>");
        yield return ("glm45_moe", $"<tool_call>save\n<arg_key>text</arg_key>\n<arg_value>{text}</arg_value>\n</tool_call>\n");
        yield return ("step3", $"<｜tool_calls_begin｜>\n<｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name=\"save\">\n<steptml:parameter name=\"text\">{text}</steptml:parameter>\n</steptml:invoke><｜tool_call_end｜>\n<｜tool_calls_end｜>");
        yield return ("minimax_m2", $"<minimax:tool_call>\n<invoke name=\"save\">\n<parameter name=\"text\">{text}</parameter>\n</invoke>\n</minimax:tool_call>");
        yield return ("pythonic", $"[save(path=\"/notes/1.md\", text='{text.Replace("'", "\\'", StringComparison.Ordinal)}')]");
    }

    private static string Prose() => string.Concat(Enumerable.Repeat(Sentence, 20));

    private static SampleAnswer Of(string name, ChatOutputFormat format, string text) =>
        new(name, format, [.. text.Chunk(PieceLength).Select(static piece => new string(piece))]);
}
