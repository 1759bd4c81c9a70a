namespace Gateway.Text.Tests.Parsers.Examples;

internal static class NamedExamples
{
    public static IEnumerable<Example> All => [.. DeepSeek, .. DeepSeek31, .. Kimi, .. Mistral];

    private static IEnumerable<Example> DeepSeek =>
    [
        new("deepseek", "a call",
            """
            <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather
            ```json
            {"city": "Paris"}
            ```<｜tool▁call▁end｜><｜tool▁calls▁end｜>
            """,
            """call get_weather {"city": "Paris"}"""),
        new("deepseek", "parallel calls behind text",
            """
            Let me see.

            <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>now
            ```json
            {}
            ```<｜tool▁call▁end｜>
            <｜tool▁call▁begin｜>function<｜tool▁sep｜>search
            ```json
            {"query": "```json {", "limit": 3}
            ```<｜tool▁call▁end｜><｜tool▁calls▁end｜>
            """,
            "content: Let me see.", "call now {}", """call search {"query": "```json {", "limit": 3}"""),
        new("deepseek", "the fence may be missing",
            """<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>now{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>ok""",
            "call now {}", "content: ok"),
        new("deepseek", "the outer marker may be missing",
            "<｜tool▁call▁begin｜>function<｜tool▁sep｜>now\n```json\n{}\n```<｜tool▁call▁end｜>",
            "call now {}"),
        new("deepseek", "another type than function is text",
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>code<｜tool▁sep｜>now\n```json\n{}\n```<｜tool▁call▁end｜>",
            "content: <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>code<｜tool▁sep｜>now\n```json\n{}\n```<｜tool▁call▁end｜>"),
        new("deepseek", "a malformed call does not spoil the next",
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>a b\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>now\n```json\n{}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
            "content: <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>a b", "call now {}"),
        new("deepseek", "a cut in the arguments",
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>search\n```json\n{\"query\": \"a",
            "cut call search {\"query\": \"a"),
        new("deepseek", "a cut in the fence",
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>now\n```js",
            "cut call now "),
        new("deepseek", "a cut in the name is text",
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>sea",
            "content: <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>sea"),
    ];

    private static IEnumerable<Example> DeepSeek31 =>
    [
        new("deepseek31", "a call",
            """<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": "Paris"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>""",
            """call get_weather {"city": "Paris"}"""),
        new("deepseek31", "parallel calls",
            """A<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>now<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁call▁begin｜>now<｜tool▁sep｜>{ }<｜tool▁call▁end｜><｜tool▁calls▁end｜>""",
            "content: A", "call now {}", "call now { }"),
        new("deepseek31", "a marker inside a string",
            """<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>save<｜tool▁sep｜>{"text": "<｜tool▁call▁end｜>"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>""",
            """call save {"text": "<｜tool▁call▁end｜>"}"""),
        new("deepseek31", "text after the calls",
            """<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>now<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜> Bye.""",
            "call now {}", "content: Bye."),
        new("deepseek31", "no calls between the markers is text",
            "<｜tool▁calls▁begin｜><｜tool▁calls▁end｜>",
            "content: <｜tool▁calls▁begin｜><｜tool▁calls▁end｜>"),
        new("deepseek31", "a name of words is text",
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get the weather<｜tool▁sep｜>{}<｜tool▁call▁end｜>",
            "content: <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get the weather<｜tool▁sep｜>{}<｜tool▁call▁end｜>"),
        new("deepseek31", "arguments that are no object are text",
            "<｜tool▁call▁begin｜>now<｜tool▁sep｜>12<｜tool▁call▁end｜>",
            "content: <｜tool▁call▁begin｜>now<｜tool▁sep｜>12<｜tool▁call▁end｜>"),
        new("deepseek31", "a cut before the arguments",
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>now<｜tool▁sep｜>",
            "cut call now "),
        new("deepseek31", "a cut inside a marker is text",
            "Yes <｜tool▁calls▁beg",
            "content: Yes <｜tool▁calls▁beg"),
    ];

    private static IEnumerable<Example> Kimi =>
    [
        new("kimik2", "a call",
            """<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city": "Paris"}<|tool_call_end|><|tool_calls_section_end|>""",
            """call get_weather {"city": "Paris"}"""),
        new("kimik2", "parallel calls behind text",
            """
            I'll check both.  <|tool_calls_section_begin|><|tool_call_begin|>functions.now:3<|tool_call_argument_begin|>{}<|tool_call_end|>
            <|tool_call_begin|> functions.search:4 <|tool_call_argument_begin|> {"query": "x"} <|tool_call_end|><|tool_calls_section_end|>
            """,
            "content: I'll check both.", "call now {}", """call search {"query": "x"}"""),
        new("kimik2", "a name with dots",
            "<|tool_calls_section_begin|><|tool_call_begin|>functions.mcp.files.read:12<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>",
            "call mcp.files.read {}"),
        new("kimik2", "an id that is only a name",
            "<|tool_calls_section_begin|><|tool_call_begin|>now<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>",
            "call now {}"),
        new("kimik2", "a section without calls is text",
            "<|tool_calls_section_begin|>hm<|tool_calls_section_end|>",
            "content: <|tool_calls_section_begin|>hm<|tool_calls_section_end|>"),
        new("kimik2", "text after the section",
            "<|tool_calls_section_begin|><|tool_call_begin|>functions.now:0<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>\nDone",
            "call now {}", "content: Done"),
        new("kimik2", "arguments that break off in garbage",
            """<|tool_call_begin|>functions.search:0<|tool_call_argument_begin|>{"limit": 1<|tool_call_end|>""",
            """cut call search {"limit": 1""", "content: <|tool_call_end|>"),
        new("kimik2", "a cut in the arguments",
            """<|tool_calls_section_begin|><|tool_call_begin|>functions.search:0<|tool_call_argument_begin|>{"query": "\u00""",
            """cut call search {"query": "\u00"""),
        new("kimik2", "a cut in the id is text",
            "<|tool_calls_section_begin|><|tool_call_begin|>functions.se",
            "content: <|tool_calls_section_begin|><|tool_call_begin|>functions.se"),
    ];

    private static IEnumerable<Example> Mistral =>
    [
        new("mistral", "an array, as older tokenizers write it",
            """[TOOL_CALLS] [{"name": "get_weather", "arguments": {"city": "Paris"}}]""",
            """call get_weather {"city": "Paris"}"""),
        new("mistral", "an array with ids and two calls",
            """[TOOL_CALLS][{"name": "now", "arguments": {}, "id": "VvvODy9mT"}, {"id": "VvvODy9mU", "name": "search", "arguments": {"query": "]"}}]""",
            "call now {}", """call search {"query": "]"}"""),
        new("mistral", "a name and arguments, as newer ones do",
            """Sure.[TOOL_CALLS]get_weather{"city": "Paris"}""",
            "content: Sure.", """call get_weather {"city": "Paris"}"""),
        new("mistral", "names with marked arguments, one with an id",
            """[TOOL_CALLS]now[ARGS]{}[TOOL_CALLS]search[CALL_ID]a1B2c3D4e[ARGS]{"query": "[TOOL_CALLS]"}""",
            "call now {}", """call search {"query": "[TOOL_CALLS]"}"""),
        new("mistral", "brackets in prose are text",
            "See [1] and [TOOL].",
            "content: See [1] and [TOOL]."),
        new("mistral", "a marker and a sentence are text",
            "[TOOL_CALLS] I have none",
            "content: [TOOL_CALLS] I have none"),
        new("mistral", "an object alone is a call",
            """[TOOL_CALLS]{"name": "now", "arguments": {}}""",
            "call now {}"),
        new("mistral", "text after the calls",
            """[TOOL_CALLS]now[ARGS]{} and so on""",
            "call now {}", "content: and so on"),
        new("mistral", "a cut in the arguments",
            """[TOOL_CALLS]search[ARGS]{"query":""",
            """cut call search {"query":"""),
        new("mistral", "a cut in the marker between name and arguments is text",
            "[TOOL_CALLS]search[AR",
            "content: [TOOL_CALLS]search[AR"),
    ];
}
