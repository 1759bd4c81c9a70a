namespace Gateway.Text.Parsers.Tools.Dialects;

/// <summary>
/// Llama 4, and smaller Llama 3.2:
/// <code>[get_weather(city="Paris"), now()]</code>
/// sometimes between &lt;|python_start|&gt; and &lt;|python_end|&gt;.
/// </summary>
internal static class PythonDialect
{
    public static readonly ToolDialect Pythonic = new(
        "pythonic",
        [("<|python_start|>", MarkerRole.Call), ("[", MarkerRole.CallHere), ("<|python_end|>", MarkerRole.Closes)],
        static (calls, _) => new PythonCallReader(calls));
}
