namespace Gateway.Text.Parsers.Tools.Dialects;

/// <summary>Dialects whose calls are JSON objects with a name and arguments.</summary>
internal static class JsonDialects
{
    /// <summary>
    /// No markers at all, as models answer under a JSON schema or on a prompt that asks for JSON:
    /// <code>{"name": "get_weather", "arguments": {"city": "Paris"}}</code>
    /// or an array of such objects.
    /// </summary>
    public static readonly ToolDialect Json = new(
        "json",
        [("{", MarkerRole.CallHere), ("[", MarkerRole.CallHere)],
        static (calls, _) => new JsonCallReader(calls, JsonCallRules.Unmarked))
    {
        Separators = ",;",
    };

    /// <summary>
    /// Llama 3.1 and later:
    /// <code>&lt;|python_tag|&gt;{"name": "get_weather", "parameters": {"city": "Paris"}}; {"name": …}</code>
    /// The tag is often missing.
    /// </summary>
    public static readonly ToolDialect Llama = new(
        "llama",
        [("<|python_tag|>", MarkerRole.Call), ("{", MarkerRole.CallHere)],
        static (calls, _) => new JsonCallReader(calls, JsonCallRules.Unmarked))
    {
        Separators = ",;",
    };

    /// <summary>
    /// Hermes, Qwen 2.5 and Qwen 3:
    /// <code>
    /// &lt;tool_call&gt;
    /// {"name": "get_weather", "arguments": {"city": "Paris"}}
    /// &lt;/tool_call&gt;
    /// </code>
    /// </summary>
    public static readonly ToolDialect Qwen = new(
        "qwen",
        [("<tool_call>", MarkerRole.Call), ("</tool_call>", MarkerRole.Closes)],
        static (calls, _) => new JsonCallReader(calls, JsonCallRules.Marked));

    /// <summary>
    /// Nemotron before version 3:
    /// <code>&lt;TOOLCALL&gt;[{"name": "get_weather", "arguments": {"city": "Paris"}}]&lt;/TOOLCALL&gt;</code>
    /// </summary>
    public static readonly ToolDialect Nemotron = new(
        "nemotron",
        [("<TOOLCALL>", MarkerRole.Call), ("</TOOLCALL>", MarkerRole.Closes)],
        static (calls, _) => new JsonCallReader(calls, JsonCallRules.Marked));

    /// <summary>
    /// Cohere's Command R7B, Command A and later:
    /// <code>&lt;|START_ACTION|&gt;[{"tool_call_id": "0", "tool_name": "get_weather", "parameters": {"city": "Paris"}}]&lt;|END_ACTION|&gt;</code>
    /// Its ids number the calls of one answer; they are replaced, for a client needs them to differ within a conversation, and the template
    /// numbers anew.
    /// </summary>
    public static readonly ToolDialect Cohere = new(
        "cohere",
        [("<|START_ACTION|>", MarkerRole.Call), ("<|END_ACTION|>", MarkerRole.Closes)],
        static (calls, _) => new JsonCallReader(calls, JsonCallRules.Marked, keepsIds: false));
}
