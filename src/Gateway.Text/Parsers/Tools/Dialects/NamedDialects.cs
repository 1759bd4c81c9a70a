using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools.Dialects;

/// <summary>Dialects whose calls are a name, a marker, and the arguments as JSON.</summary>
internal static class NamedDialects
{
    private static readonly NamedCallShape _kimi = new() { NameEnds = new("<|tool_call_argument_begin|>"), NameIsId = true };

    /// <summary>
    /// DeepSeek V3 and R1:
    /// <code>
    /// &lt;｜tool▁calls▁begin｜&gt;&lt;｜tool▁call▁begin｜&gt;function&lt;｜tool▁sep｜&gt;get_weather
    /// ```json
    /// {"city": "Paris"}
    /// ```&lt;｜tool▁call▁end｜&gt;&lt;｜tool▁calls▁end｜&gt;
    /// </code>
    /// </summary>
    public static readonly ToolDialect DeepSeek = OfDeepSeek("deepseek", new()
    {
        Lead = new("function<｜tool▁sep｜>"),
        NameEnds = new("\n", "{"),
        Fence = new("```json"),
    });

    /// <summary>
    /// DeepSeek V3.1:
    /// <code>&lt;｜tool▁calls▁begin｜&gt;&lt;｜tool▁call▁begin｜&gt;get_weather&lt;｜tool▁sep｜&gt;{"city": "Paris"}&lt;｜tool▁call▁end｜&gt;&lt;｜tool▁calls▁end｜&gt;</code>
    /// </summary>
    public static readonly ToolDialect DeepSeek31 = OfDeepSeek("deepseek31", new() { NameEnds = new("<｜tool▁sep｜>") });

    /// <summary>
    /// Kimi K2:
    /// <code>
    /// &lt;|tool_calls_section_begin|&gt;&lt;|tool_call_begin|&gt;functions.get_weather:0&lt;|tool_call_argument_begin|&gt;{"city": "Paris"}&lt;|tool_call_end|&gt;&lt;|tool_calls_section_end|&gt;
    /// </code>
    /// The model wants to see the same id again with the result.
    /// </summary>
    public static readonly ToolDialect KimiK2 = new(
        "kimik2",
        [
            ("<|tool_calls_section_begin|>", MarkerRole.Opens),
            ("<|tool_call_begin|>", MarkerRole.Call),
            ("<|tool_call_end|>", MarkerRole.Closes),
            ("<|tool_calls_section_end|>", MarkerRole.Closes),
        ],
        static (calls, _) => new NamedCallReader(calls, _kimi))
    {
        Ids = CallIdStyle.Kimi,
        InnerMarkers = ["<|tool_call_argument_begin|>"],
    };

    private static ToolDialect OfDeepSeek(string name, NamedCallShape shape) => new(
        name,
        [
            ("<｜tool▁calls▁begin｜>", MarkerRole.Opens),
            ("<｜tool▁call▁begin｜>", MarkerRole.Call),
            ("<｜tool▁call▁end｜>", MarkerRole.Closes),
            ("<｜tool▁calls▁end｜>", MarkerRole.Closes),
        ],
        (calls, _) => new NamedCallReader(calls, shape))
    {
        InnerMarkers = ["<｜tool▁sep｜>"],
    };
}
