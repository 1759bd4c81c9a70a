namespace Gateway.Text.Tests.Parsers.Examples;

internal static class JsonExamples
{
    public static IEnumerable<Example> All => [.. Json, .. Llama, .. Qwen, .. Cohere, .. Nemotron];

    private static IEnumerable<Example> Json =>
    [
        new("json", "an object with a name and arguments is a call",
            """{"name": "get_weather", "arguments": {"city": "Paris"}}""",
            """call get_weather {"city": "Paris"}"""),
        new("json", "an array is calls, with parameters as well as with arguments",
            """
            [{"name": "get_weather", "parameters": {"city": "Paris", "days": 3}},
             {"parameters": {}, "name": "now"}]
            """,
            """call get_weather {"city": "Paris", "days": 3}""",
            "call now {}"),
        new("json", "text around stays, the space between goes",
            """
            Let me see.

            {"name": "now", "arguments": {}}

            That is it.
            """,
            "content: Let me see.", "call now {}", "content: That is it."),
        new("json", "what begins like JSON and is no call is text",
            """The config is {"host": "a", "port": 1} and the list is [1, 2, {"x": 3}], see [{}].""",
            """content: The config is {"host": "a", "port": 1} and the list is [1, 2, {"x": 3}], see [{}]."""),
        new("json", "a name without arguments is a person",
            """{"name": "Bob", "type": "human"}""",
            """content: {"name": "Bob", "type": "human"}"""),
        new("json", "OpenAI's own form is understood",
            """{"id": "call_1", "type": "function", "function": {"name": "search", "arguments": "{\"query\": \"a \\\"b\\\"\", \"limit\": 2}"}}""",
            """call search {"query": "a \"b\"", "limit": 2}"""),
        new("json", "brackets, markers and escapes inside strings end nothing",
            """{"name": "search", "arguments": {"query": "}]{[ \\\" \u00e9 </tool_call> é 😀", "filters": {"a": [{"b": "}"}]}}} ok""",
            """call search {"query": "}]{[ \\\" \u00e9 </tool_call> é 😀", "filters": {"a": [{"b": "}"}]}}""",
            "content: ok"),
        new("json", "a cut inside the arguments leaves them open",
            """{"name": "search", "arguments": {"query": "par""",
            """cut call search {"query": "par"""),
        new("json", "a cut inside the name leaves text",
            """Well {"name": "sea""",
            """content: Well {"name": "sea"""),
        new("json", "calls follow each other with or without a comma",
            """{"name": "now", "arguments": {}}, {"name": "now", "arguments": null} {"name": "now", "arguments": ""}""",
            "call now {}", "call now {}", "call now {}"),
        new("json", "an array as arguments is text",
            """{"name": "now", "arguments": [1]}""",
            """content: {"name": "now", "arguments": [1]}"""),
        new("json", "code is text",
            "if (a[0]) { return b[1]; } else { }",
            "content: if (a[0]) { return b[1]; } else { }"),
    ];

    private static IEnumerable<Example> Llama =>
    [
        new("llama", "a call without the tag",
            """{"name": "get_weather", "parameters": {"city": "San Francisco, CA"}}""",
            """call get_weather {"city": "San Francisco, CA"}"""),
        new("llama", "a call behind the tag",
            """<|python_tag|>{"type": "function", "name": "get_weather", "parameters": {"city": "Rome", "days": "2"}}""",
            """call get_weather {"city": "Rome", "days": "2"}"""),
        new("llama", "several calls, divided by semicolons",
            """<|python_tag|>{"name": "now", "parameters": {}}; {"name": "search", "parameters": {"query": ";"}};{"name": "now", "parameters": {}}""",
            "call now {}", """call search {"query": ";"}""", "call now {}"),
        new("llama", "a tag before each call",
            """Sure. <|python_tag|>{"name": "now", "parameters": {}}<|python_tag|>{"name": "now", "parameters": {}}""",
            "content: Sure.", "call now {}", "call now {}"),
        new("llama", "Python behind the tag is text, to the letter",
            """<|python_tag|>print({"a": 1})""",
            """content: <|python_tag|>print({"a": 1})"""),
        new("llama", "text after a call stays, its semicolon too",
            """{"name": "now", "parameters": {}}; and then?""",
            "call now {}", "content: ; and then?"),
        new("llama", "a cut inside the tag leaves text",
            "I will <|python_",
            "content: I will <|python_"),
        new("llama", "a cut inside a nested value leaves it open",
            """<|python_tag|>{"name": "search", "parameters": {"filters": {"a": [1, 2""",
            """cut call search {"filters": {"a": [1, 2"""),
        new("llama", "a list is text",
            """["a", "b"]""",
            """content: ["a", "b"]"""),
    ];

    private static IEnumerable<Example> Qwen =>
    [
        new("qwen", "a call",
            """
            <tool_call>
            {"name": "get_weather", "arguments": {"city": "Paris", "days": 2}}
            </tool_call>
            """,
            """call get_weather {"city": "Paris", "days": 2}"""),
        new("qwen", "text before, between and after",
            """
            I will look it up.
            <tool_call>
            {"name": "now", "arguments": {}}
            </tool_call>
            And then
            <tool_call>
            {"name": "search", "arguments": {"query": "x"}}
            </tool_call>
            Done.
            """,
            "content: I will look it up.", "call now {}", "content: And then", """call search {"query": "x"}""", "content: Done."),
        new("qwen", "parallel calls leave no content",
            """
            <tool_call>
            {"name": "now", "arguments": {}}
            </tool_call>
            <tool_call>
            {"name": "no_such_function", "arguments": {"a": null}}
            </tool_call>
            """,
            "call now {}", """call no_such_function {"a": null}"""),
        new("qwen", "a marker inside a string is part of the string",
            """<tool_call>{"name": "save", "arguments": {"text": "</tool_call><tool_call>{\"name\": \"x\"}"}}</tool_call>""",
            """call save {"text": "</tool_call><tool_call>{\"name\": \"x\"}"}"""),
        new("qwen", "a raw newline in a string is escaped",
            "<tool_call>{\"name\": \"save\", \"arguments\": {\"text\": \"a\nb\tc\"}}</tool_call>",
            """call save {"text": "a\nb\tc"}"""),
        new("qwen", "a missing last brace does not matter",
            """<tool_call>{"name": "search", "arguments": {"query": "x"}</tool_call> fine""",
            """call search {"query": "x"}""", "content: fine"),
        new("qwen", "arguments may be missing",
            """<tool_call>{"name": "now"}</tool_call>""",
            "call now {}"),
        new("qwen", "what is no call is text from the marker on",
            "Use <tool_call>\nlike this</tool_call> please",
            "content: Use <tool_call>\nlike this</tool_call> please"),
        new("qwen", "after a malformed call comes a good one",
            """
            <tool_call>
            {"name": get_weather}
            </tool_call>
            <tool_call>
            {"name": "now", "arguments": {}}
            </tool_call>
            """,
            "content: <tool_call>\n{\"name\": get_weather}\n</tool_call>", "call now {}"),
        new("qwen", "what goes wrong inside the arguments ends them, and the rest is text",
            """<tool_call>{"name": "search", "arguments": {"query": "x", <oops>}}</tool_call>""",
            """cut call search {"query": "x", """, "content: <oops>}}</tool_call>"),
        new("qwen", "Python's quotes are no JSON",
            """<tool_call>{'name': 'now', 'arguments': {}}</tool_call>""",
            """content: <tool_call>{'name': 'now', 'arguments': {}}</tool_call>"""),
        new("qwen", "a cut inside the closing marker hurts nobody",
            """<tool_call>{"name": "now", "arguments": {}}</tool""",
            "call now {}"),
        new("qwen", "a cut after the name is a call without its arguments",
            """<tool_call>{"name": "now", "argum""",
            "cut call now "),
        new("qwen", "a cut inside the name is text",
            """So: <tool_call>{"name": "no""",
            """content: So: <tool_call>{"name": "no"""),
        new("qwen", "a cut before the last brace is a whole call",
            """<tool_call>{"name": "search", "arguments": {"query": "x"}""",
            """call search {"query": "x"}"""),
        new("qwen", "an escape in a name is understood",
            """<tool_call>{"name": "get\u005fweather", "arguments": {}}</tool_call>""",
            "call get_weather {}"),
        new("qwen", "an open string swallows what follows, and no more is claimed than came",
            """<tool_call>{"name": "search", "arguments": {"query": "x}}</tool_call>""",
            """cut call search {"query": "x}}</tool_call>"""),
    ];

    private static IEnumerable<Example> Cohere =>
    [
        new("cohere", "a call in an array",
            """<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"city": "Paris"}}]<|END_ACTION|>""",
            """call get_weather {"city": "Paris"}"""),
        new("cohere", "parallel calls, set out on lines",
            """
            I will look.<|START_ACTION|>[
                {"tool_call_id": "0", "tool_name": "now", "parameters": {}},
                {"tool_call_id": "1", "tool_name": "search", "parameters": {"query": "x"}}
            ]<|END_ACTION|>
            """,
            "content: I will look.", "call now {}", """call search {"query": "x"}"""),
        new("cohere", "text after a call",
            """<|START_ACTION|>[{"tool_name": "now", "parameters": {}}]<|END_ACTION|>Done.""",
            "call now {}", "content: Done."),
        new("cohere", "an empty list is text",
            "<|START_ACTION|>[]<|END_ACTION|>",
            "content: <|START_ACTION|>[]<|END_ACTION|>"),
        new("cohere", "a cut in the second call keeps the first",
            """<|START_ACTION|>[{"tool_name": "now", "parameters": {}}, {"tool_name": "search", "parameters": {"query": "pa""",
            "call now {}", """cut call search {"query": "pa"""),
        new("cohere", "a missing bracket does not matter",
            """<|START_ACTION|>[{"tool_name": "now", "parameters": {}}""",
            "call now {}"),
        new("cohere", "garbage after a call in the list is text",
            """<|START_ACTION|>[{"tool_name": "now", "parameters": {}} oops]<|END_ACTION|>""",
            "call now {}", "content:  oops]<|END_ACTION|>"),
    ];

    private static IEnumerable<Example> Nemotron =>
    [
        new("nemotron", "calls in an array",
            """<TOOLCALL>[{"name": "get_weather", "arguments": {"city": "Paris"}}, {"name": "now", "arguments": {}}]</TOOLCALL>""",
            """call get_weather {"city": "Paris"}""", "call now {}"),
        new("nemotron", "text around",
            """Yes. <TOOLCALL>[{"name": "now", "arguments": {}}]</TOOLCALL> There.""",
            "content: Yes.", "call now {}", "content: There."),
        new("nemotron", "a single object will do",
            """<TOOLCALL>{"name": "now", "arguments": {}}</TOOLCALL>""",
            "call now {}"),
        new("nemotron", "a sentence is none",
            "<TOOLCALL>none</TOOLCALL>",
            "content: <TOOLCALL>none</TOOLCALL>"),
        new("nemotron", "a cut inside the arguments",
            """<TOOLCALL>[{"name": "search", "arguments": {"limit": 1""",
            """cut call search {"limit": 1"""),
        new("nemotron", "two blocks",
            """<TOOLCALL>[{"name": "now", "arguments": {}}]</TOOLCALL> <TOOLCALL>[{"name": "now", "arguments": {}}]</TOOLCALL>""",
            "call now {}", "call now {}"),
    ];
}
