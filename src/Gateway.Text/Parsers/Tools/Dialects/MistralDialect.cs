using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools.Dialects;

/// <summary>
/// Mistral. Its tokenizers up to version 7 write a JSON array, later ones a name and arguments for each call:
/// <code>
/// [TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Paris"}}]
/// [TOOL_CALLS]get_weather[ARGS]{"city": "Paris"}[TOOL_CALLS]now[CALL_ID]a1B2c3D4e[ARGS]{}
/// </code>
/// </summary>
internal static class MistralDialect
{
    public static readonly ToolDialect Mistral = new(
        "mistral",
        [("[TOOL_CALLS]", MarkerRole.Call)],
        static (calls, _) => new MistralCallReader(calls))
    {
        Ids = CallIdStyle.Mistral,
        InnerMarkers = ["[ARGS]", "[CALL_ID]"],
    };

    private static readonly NamedCallShape _named = new()
    {
        NameEnds = new("[ARGS]", "[CALL_ID]", "{"),
        IdBegins = "[CALL_ID]",
        IdEnds = new("[ARGS]"),
    };

    /// <summary>Tells the two forms apart by their first character.</summary>
    private sealed class MistralCallReader(CallWriter calls) : CallReader(calls)
    {
        private readonly JsonCallReader _json = new(calls, JsonCallRules.Marked);
        private readonly NamedCallReader _named = new(calls, MistralDialect._named);
        private CallReader? _chosen;

        public override void Begin() => _chosen = null;

        public override ReadProgress Read(ReadOnlySpan<char> text, out int consumed)
        {
            consumed = 0;
            if (_chosen is null)
            {
                consumed = Space.Leading(text);
                Calls.Hold(text[..consumed]);
                if (consumed == text.Length)
                    return ReadProgress.More;
                _chosen = text[consumed] is '[' or '{' ? _json : _named;
                _chosen.Begin();
            }

            var progress = _chosen.Read(text[consumed..], out var taken);
            consumed += taken;
            return progress;
        }

        public override void Cut(ReadOnlySpan<char> rest) => _chosen?.Cut(rest);
    }
}
