namespace Gateway.Text.Tests.Parsers.Examples;

internal static class TaggedExamples
{
    public static IEnumerable<Example> All => [.. QwenXml, .. DeepSeek32, .. Glm, .. Step3, .. MiniMax];

    private static IEnumerable<Example> QwenXml =>
    [
        new("qwen_xml", "a call; the schema says what is a number",
            """
            <tool_call>
            <function=get_weather>
            <parameter=city>
            Paris
            </parameter>
            <parameter=days>
            3
            </parameter>
            </function>
            </tool_call>
            """,
            """call get_weather {"city":"Paris","days":3}"""),
        new("qwen_xml", "text around, calls in parallel, one of them without parameters",
            """
            Two things.

            <tool_call>
            <function=now>
            </function>
            </tool_call>
            <tool_call>
            <function=search>
            <parameter=query>
            x
            </parameter>
            </function>
            </tool_call>
            Done.
            """,
            "content: Two things.", "call now {}", """call search {"query":"x"}""", "content: Done."),
        new("qwen_xml", "a string keeps its lines, quotes and tags, but for one newline at each end",
            "<tool_call>\n<function=save>\n<parameter=text>\n\n  if (a < b && \"c\") {\n\t<b>\\n</b>\n  }\n\n</parameter>\n</function>\n</tool_call>",
            """call save {"text":"\n  if (a < b && \"c\") {\n\t<b>\\n</b>\n  }\n"}"""),
        new("qwen_xml", "objects, lists, booleans and null by schema, Python's too",
            """
            <tool_call>
            <function=search>
            <parameter=filters>
            {"a": [1, {"b": null}]}
            </parameter>
            <parameter=exact>
            True
            </parameter>
            <parameter=limit>
            null
            </parameter>
            <parameter=ratio>0.5</parameter>
            <parameter=note>null</parameter>
            </function>
            </tool_call>
            <tool_call><function=save><parameter=tags>['a', 2]</parameter></function></tool_call>
            """,
            """call search {"filters":{"a": [1, {"b": null}]},"exact":true,"limit":null,"ratio":0.5,"note":null}""",
            """call save {"tags":["a",2]}"""),
        new("qwen_xml", "a value that is not of its type is a string",
            "<tool_call><function=get_weather><parameter=days>a few</parameter></function></tool_call>",
            """call get_weather {"days":"a few"}"""),
        new("qwen_xml", "the outer tag may be missing",
            "Ok\n<function=get_weather>\n<parameter=city>\nRome\n</parameter>\n</function>",
            "content: Ok", """call get_weather {"city":"Rome"}"""),
        new("qwen_xml", "a parameter's end may be missing",
            "<tool_call>\n<function=get_weather>\n<parameter=city>\nRome\n<parameter=days>\n2\n</function>\n</tool_call>",
            """call get_weather {"city":"Rome","days":2}"""),
        new("qwen_xml", "an unknown parameter is a string",
            "<function=get_weather><parameter=zip>00100</parameter></function>",
            """call get_weather {"zip":"00100"}"""),
        new("qwen_xml", "a tag in prose is text",
            "Write <tool_call> and then <functions>.",
            "content: Write <tool_call> and then <functions>."),
        new("qwen_xml", "garbage between parameters ends the call",
            "<tool_call><function=search><parameter=query>a</parameter> oops <parameter=limit>1</parameter></function></tool_call>",
            "cut call search {\"query\":\"a\"",
            "content:  oops <parameter=limit>1</parameter></function></tool_call>"),
        new("qwen_xml", "a cut inside a string",
            "<tool_call>\n<function=get_weather>\n<parameter=city>\nPar",
            """cut call get_weather {"city":"Par"""),
        new("qwen_xml", "a cut inside a number",
            "<tool_call>\n<function=get_weather>\n<parameter=days>\n1",
            """cut call get_weather {"days":1"""),
        new("qwen_xml", "a cut inside the name is text",
            "<tool_call>\n<function=get_wea",
            "content: <tool_call>\n<function=get_wea"),
        new("qwen_xml", "a cut inside the end of a call",
            "<function=now>\n</func",
            "cut call now "),
    ];

    private static IEnumerable<Example> DeepSeek32 =>
    [
        new("deepseek32", "a call; the tag says what is a string",
            """
            <｜DSML｜function_calls>
            <｜DSML｜invoke name="get_weather">
            <｜DSML｜parameter name="city" string="true">Paris</｜DSML｜parameter>
            <｜DSML｜parameter name="days" string="false">3</｜DSML｜parameter>
            </｜DSML｜invoke>
            </｜DSML｜function_calls>
            """,
            """call get_weather {"city":"Paris","days":3}"""),
        new("deepseek32", "what the tag says counts more than the schema",
            """<｜DSML｜function_calls><｜DSML｜invoke name="x"><｜DSML｜parameter name="days" string="true">3</｜DSML｜parameter><｜DSML｜parameter name="f" string="false">{"a": [1]}</｜DSML｜parameter></｜DSML｜invoke></｜DSML｜function_calls>""",
            """call x {"days":"3","f":{"a": [1]}}"""),
        new("deepseek32", "parallel calls behind text",
            """
            I will ask twice.

            <｜DSML｜function_calls>
            <｜DSML｜invoke name="now">
            </｜DSML｜invoke>
            <｜DSML｜invoke name="search">
            <｜DSML｜parameter name="query" string="true">a
            b</｜DSML｜parameter>
            </｜DSML｜invoke>
            </｜DSML｜function_calls>
            """,
            "content: I will ask twice.", "call now {}", """call search {"query":"a\nb"}"""),
        new("deepseek32", "JSON between a call's tags",
            """<｜DSML｜function_calls><｜DSML｜invoke name="search">{"query": "x", "limit": 1}</｜DSML｜invoke></｜DSML｜function_calls>""",
            """call search {"query": "x", "limit": 1}"""),
        new("deepseek32", "a call outside the list is a call",
            """<｜DSML｜invoke name="now"></｜DSML｜invoke> ok""",
            "call now {}", "content: ok"),
        new("deepseek32", "a list of nothing is text",
            "<｜DSML｜function_calls>nothing</｜DSML｜function_calls>",
            "content: <｜DSML｜function_calls>nothing</｜DSML｜function_calls>"),
        new("deepseek32", "an unknown attribute ends the call",
            """<｜DSML｜invoke name="search"><｜DSML｜parameter name="query" kind="x">a</｜DSML｜parameter></｜DSML｜invoke>""",
            "cut call search ", """content: <｜DSML｜parameter name="query" kind="x">a</｜DSML｜parameter></｜DSML｜invoke>"""),
        new("deepseek32", "a cut inside a string",
            """<｜DSML｜function_calls><｜DSML｜invoke name="search"><｜DSML｜parameter name="query" string="true">a "b" </｜DSM""",
            """cut call search {"query":"a \"b\" """),
    ];

    private static IEnumerable<Example> Glm =>
    [
        new("glm45_moe", "a call",
            """
            <tool_call>get_weather
            <arg_key>city</arg_key>
            <arg_value>Paris</arg_value>
            <arg_key>days</arg_key>
            <arg_value>3</arg_value>
            </tool_call>
            """,
            """call get_weather {"city":"Paris","days":3}"""),
        new("glm47_moe", "a call without newlines",
            "<tool_call>get_weather<arg_key>city</arg_key><arg_value>Paris</arg_value><arg_key>days</arg_key><arg_value>3</arg_value></tool_call>",
            """call get_weather {"city":"Paris","days":3}"""),
        new("glm47_moe", "a call without arguments",
            "<tool_call>now</tool_call>",
            "call now {}"),
        new("glm45_moe", "parallel calls, text around",
            """
            Let me check.
            <tool_call>now
            </tool_call>
            <tool_call>search
            <arg_key>query</arg_key>
            <arg_value>a "b"
            c</arg_value>
            <arg_key>filters</arg_key>
            <arg_value>{"x": [1, 2]}</arg_value>
            </tool_call>
            There.
            """,
            "content: Let me check.", "call now {}", """call search {"query":"a \"b\"\nc","filters":{"x": [1, 2]}}""", "content: There."),
        new("glm45_moe", "a sentence between the tags is text",
            "<tool_call>none of them</tool_call>",
            "content: <tool_call>none of them</tool_call>"),
        new("glm45_moe", "a key without a value ends the call",
            "<tool_call>search\n<arg_key>query</arg_key>\n<arg_key>limit</arg_key></tool_call>",
            "cut call search ", "content: <arg_key>query</arg_key>\n<arg_key>limit</arg_key></tool_call>"),
        new("glm45_moe", "a cut inside a value",
            "<tool_call>search\n<arg_key>query</arg_key>\n<arg_value>ab",
            """cut call search {"query":"ab"""),
        new("glm47_moe", "a cut inside a key",
            "<tool_call>search<arg_key>que",
            "cut call search "),
        new("glm47_moe", "a cut inside the name is text",
            "<tool_call>sear",
            "content: <tool_call>sear"),
        new("glm47_moe", "an unknown function's values are strings",
            "<tool_call>f<arg_key>n</arg_key><arg_value>1</arg_value></tool_call><tool_call>f</tool_call>",
            """call f {"n":"1"}""", "call f {}"),
    ];

    private static IEnumerable<Example> Step3 =>
    [
        new("step3", "a call",
            """
            <｜tool_calls_begin｜>
            <｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name="get_weather">
            <steptml:parameter name="city">Paris</steptml:parameter>
            <steptml:parameter name="days">3</steptml:parameter>
            </steptml:invoke><｜tool_call_end｜>
            <｜tool_calls_end｜>
            """,
            """call get_weather {"city":"Paris","days":3}"""),
        new("step3", "parallel calls, text around",
            """
            Now.
            <｜tool_calls_begin｜>
            <｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name="now">
            </steptml:invoke><｜tool_call_end｜>
            <｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name="search">
            <steptml:parameter name="query"> a < b </steptml:parameter>
            </steptml:invoke><｜tool_call_end｜>
            <｜tool_calls_end｜>
            Results.
            """,
            "content: Now.", "call now {}", """call search {"query":" a < b "}""", "content: Results."),
        new("step3", "another type is text",
            "<｜tool_calls_begin｜><｜tool_call_begin｜>code<｜tool_sep｜>x<｜tool_call_end｜><｜tool_calls_end｜>",
            "content: <｜tool_calls_begin｜><｜tool_call_begin｜>code<｜tool_sep｜>x<｜tool_call_end｜><｜tool_calls_end｜>"),
        new("step3", "the word function in prose means nothing",
            "A function is a function<｜x｜>",
            "content: A function is a function<｜x｜>"),
        new("step3", "a boolean by schema",
            """<｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name="search"><steptml:parameter name="exact">false</steptml:parameter></steptml:invoke><｜tool_call_end｜>""",
            """call search {"exact":false}"""),
        new("step3", "a cut inside a value",
            """<｜tool_calls_begin｜><｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name="search"><steptml:parameter name="query">ab</step""",
            """cut call search {"query":"ab"""),
        new("step3", "a cut before the name is text",
            "<｜tool_calls_begin｜><｜tool_call_begin｜>function<｜tool_sep｜><steptml:inv",
            "content: <｜tool_calls_begin｜><｜tool_call_begin｜>function<｜tool_sep｜><steptml:inv"),
    ];

    private static IEnumerable<Example> MiniMax =>
    [
        new("minimax_m2", "a call",
            """
            <minimax:tool_call>
            <invoke name="get_weather">
            <parameter name="city">Paris</parameter>
            <parameter name="days">3</parameter>
            </invoke>
            </minimax:tool_call>
            """,
            """call get_weather {"city":"Paris","days":3}"""),
        new("minimax_m2", "calls in one block, text around",
            """
            Let me search for that.
            <minimax:tool_call>
            <invoke name="now">
            </invoke>
            <invoke name="search">
            <parameter name="query">"a" & b</parameter>
            <parameter name="limit">10</parameter>
            </invoke>
            </minimax:tool_call>
            So it is.
            """,
            "content: Let me search for that.", "call now {}", """call search {"query":"\"a\" & b","limit":10}""", "content: So it is."),
        new("minimax_m2", "two blocks",
            """<minimax:tool_call><invoke name="now"></invoke></minimax:tool_call><minimax:tool_call><invoke name="now"></invoke></minimax:tool_call>""",
            "call now {}", "call now {}"),
        new("minimax_m2", "a call outside the block is prose",
            """Use <invoke name="now"></invoke>.""",
            """content: Use <invoke name="now"></invoke>."""),
        new("minimax_m2", "an empty block is text",
            "<minimax:tool_call>\n</minimax:tool_call>",
            "content: <minimax:tool_call>\n</minimax:tool_call>"),
        new("minimax_m2", "a value that is a list",
            """<minimax:tool_call><invoke name="save"><parameter name="tags">["a", "b"]</parameter></invoke></minimax:tool_call>""",
            """call save {"tags":["a", "b"]}"""),
        new("minimax_m2", "a cut inside a list drops nothing",
            """<minimax:tool_call><invoke name="save"><parameter name="tags">["a", "b""",
            """cut call save {"tags":["a", "b"""),
        new("minimax_m2", "a cut inside a tag",
            """<minimax:tool_call><invoke name="save"><parameter na""",
            "cut call save "),
    ];
}
