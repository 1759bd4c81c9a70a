using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools.Dialects;

/// <summary>Dialects with a tag for each parameter.</summary>
internal static class TaggedDialects
{
    private static readonly TaggedCallShape _qwenXml = new()
    {
        NameEnds = new(">"),
        ParameterBegins = "<parameter=",
        KeyEnds = [(">", ValueText.BySchema)],
        ValueEnds = "</parameter>",
        ValueEndsBefore = ["<parameter=", "</function>"],
        NewlineAroundValue = true,
        CallEnds = "</function>",
    };

    private static readonly TaggedCallShape _deepSeek32 = new()
    {
        NameEnds = new("\">"),
        ParameterBegins = "<｜DSML｜parameter name=\"",
        KeyEnds = [("\" string=\"true\">", ValueText.String), ("\" string=\"false\">", ValueText.Json), ("\">", ValueText.BySchema)],
        ValueEnds = "</｜DSML｜parameter>",
        CallEnds = "</｜DSML｜invoke>",
        AllowsJsonBody = true,
    };

    private static readonly TaggedCallShape _glm = new()
    {
        NameEnds = new("\n", "<arg_key>", "</tool_call>"),
        ConsumesNameEnd = false,
        ParameterBegins = "<arg_key>",
        KeyEnds = [("</arg_key>", ValueText.BySchema)],
        ValueBegins = "<arg_value>",
        ValueEnds = "</arg_value>",
        CallEnds = "</tool_call>",
    };

    private static readonly TaggedCallShape _step3 = new()
    {
        NameEnds = new("\">"),
        ParameterBegins = "<steptml:parameter name=\"",
        KeyEnds = [("\">", ValueText.BySchema)],
        ValueEnds = "</steptml:parameter>",
        CallEnds = "</steptml:invoke>",
    };

    private static readonly TaggedCallShape _miniMax = new()
    {
        NameEnds = new("\">"),
        ParameterBegins = "<parameter name=\"",
        KeyEnds = [("\">", ValueText.BySchema)],
        ValueEnds = "</parameter>",
        CallEnds = "</invoke>",
    };

    /// <summary>
    /// Qwen 3 Coder, and Nemotron 3:
    /// <code>
    /// &lt;tool_call&gt;
    /// &lt;function=get_weather&gt;
    /// &lt;parameter=city&gt;
    /// Paris
    /// &lt;/parameter&gt;
    /// &lt;/function&gt;
    /// &lt;/tool_call&gt;
    /// </code>
    /// The outer tag is sometimes missing, and so is a parameter's end.
    /// </summary>
    public static readonly ToolDialect QwenXml = new(
        "qwen_xml",
        [
            ("<tool_call>", MarkerRole.Opens),
            ("<function=", MarkerRole.Call),
            ("</tool_call>", MarkerRole.Closes),
        ],
        static (calls, types) => new TaggedCallReader(calls, _qwenXml, types));

    /// <summary>
    /// DeepSeek V3.2:
    /// <code>
    /// &lt;｜DSML｜function_calls&gt;
    /// &lt;｜DSML｜invoke name="get_weather"&gt;
    /// &lt;｜DSML｜parameter name="city" string="true"&gt;Paris&lt;/｜DSML｜parameter&gt;
    /// &lt;/｜DSML｜invoke&gt;
    /// &lt;/｜DSML｜function_calls&gt;
    /// </code>
    /// Between the tags of a call there may also be its arguments as JSON.
    /// </summary>
    public static readonly ToolDialect DeepSeek32 = new(
        "deepseek32",
        [
            ("<｜DSML｜function_calls>", MarkerRole.Opens),
            ("<｜DSML｜invoke name=\"", MarkerRole.Call),
            ("</｜DSML｜function_calls>", MarkerRole.Closes),
        ],
        static (calls, types) => new TaggedCallReader(calls, _deepSeek32, types));

    /// <summary>
    /// GLM 4.5 and 4.6:
    /// <code>
    /// &lt;tool_call&gt;get_weather
    /// &lt;arg_key&gt;city&lt;/arg_key&gt;
    /// &lt;arg_value&gt;Paris&lt;/arg_value&gt;
    /// &lt;/tool_call&gt;
    /// </code>
    /// </summary>
    public static readonly ToolDialect Glm45 = OfGlm("glm45_moe");

    /// <summary>GLM 4.7 and 5: as before them, without the newlines. Both are read by the same rules.</summary>
    public static readonly ToolDialect Glm47 = OfGlm("glm47_moe");

    /// <summary>
    /// Step 3:
    /// <code>
    /// &lt;｜tool_calls_begin｜&gt;
    /// &lt;｜tool_call_begin｜&gt;function&lt;｜tool_sep｜&gt;&lt;steptml:invoke name="get_weather"&gt;
    /// &lt;steptml:parameter name="city"&gt;Paris&lt;/steptml:parameter&gt;
    /// &lt;/steptml:invoke&gt;&lt;｜tool_call_end｜&gt;
    /// &lt;｜tool_calls_end｜&gt;
    /// </code>
    /// </summary>
    public static readonly ToolDialect Step3 = new(
        "step3",
        [
            ("<｜tool_calls_begin｜>", MarkerRole.Opens),
            ("<｜tool_call_begin｜>", MarkerRole.Opens),
            ("function<｜tool_sep｜>", MarkerRole.OpensInside),
            ("<steptml:invoke name=\"", MarkerRole.Call),
            ("<｜tool_call_end｜>", MarkerRole.Closes),
            ("<｜tool_calls_end｜>", MarkerRole.Closes),
        ],
        static (calls, types) => new TaggedCallReader(calls, _step3, types));

    /// <summary>
    /// MiniMax M2:
    /// <code>
    /// &lt;minimax:tool_call&gt;
    /// &lt;invoke name="get_weather"&gt;
    /// &lt;parameter name="city"&gt;Paris&lt;/parameter&gt;
    /// &lt;/invoke&gt;
    /// &lt;/minimax:tool_call&gt;
    /// </code>
    /// </summary>
    public static readonly ToolDialect MiniMaxM2 = new(
        "minimax_m2",
        [
            ("<minimax:tool_call>", MarkerRole.Opens),
            ("<invoke name=\"", MarkerRole.CallInside),
            ("</minimax:tool_call>", MarkerRole.Closes),
        ],
        static (calls, types) => new TaggedCallReader(calls, _miniMax, types));

    private static ToolDialect OfGlm(string name) => new(
        name,
        [("<tool_call>", MarkerRole.Call)],
        static (calls, types) => new TaggedCallReader(calls, _glm, types))
    {
        InnerMarkers = ["</tool_call>", "<arg_key>", "</arg_key>", "<arg_value>", "</arg_value>"],
    };
}
