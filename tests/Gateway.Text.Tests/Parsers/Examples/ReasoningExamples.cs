namespace Gateway.Text.Tests.Parsers.Examples;

internal static class ReasoningExamples
{
    private const string KimiCall = "<|tool_calls_section_begin|><|tool_call_begin|>functions.now:0<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>";

    /// <summary>Dialects whose answers begin inside the thinking if the prompt does not say otherwise.</summary>
    public static readonly string[] StartingInside = ["deepseek_r1", "qwen3_thinking", "step3", "minimax", "nano_v3", "kimi_k25"];

    public static IEnumerable<Example> All =>
    [
        .. Specific,
        .. StartingInside.SelectMany(BeginningInside),
        .. ((string[])["base", "deepseek_v31", "qwen3", "glm45", "kimi_thinking"]).SelectMany(name => Marked(name, "<think>", "</think>")),
        .. Marked("kimi", "◁think▷", "◁/think▷"),
        .. Marked("cohere_cmd", "<|START_THINKING|>", "<|END_THINKING|>"),
        .. Marked("mistral", "[THINK]", "[/THINK]"),
    ];

    private static IEnumerable<Example> BeginningInside(string dialect) =>
    [
        new(dialect, "thinking comes first, without a marker", "First, I\nthink.\n</think>\n\nThen I say.", "reasoning: First, I\nthink.", "content: Then I say."),
        new(dialect, "the start marker may come nevertheless", "<think>\nHm.</think>Yes.", "reasoning: Hm.", "content: Yes."),
        new(dialect, "a cut in the thinking leaves no content", "I am still thinking", "reasoning: I am still thinking"),
        new(dialect, "a cut in the end marker leaves what it is", "Hm. </thi", "reasoning: Hm. </thi"),
        new(dialect, "thinking of nothing is no thinking", "\n\n</think>\n\nYes.", "content: Yes."),
        new(dialect, "markers in the answer are text", "a</think>Use <think> and </think>.", "reasoning: a", "content: Use <think> and </think>."),
    ];

    private static IEnumerable<Example> Marked(string dialect, string start, string end) =>
    [
        new(dialect, "thinking is between the markers", $"{start}\nHm.  So\n\nit is.\n{end}\n\nYes.", "reasoning: Hm.  So\n\nit is.", "content: Yes."),
        new(dialect, "space before the thinking is dropped", $" \n{start}a{end}b", "reasoning: a", "content: b"),
        new(dialect, "no marker, no thinking", " Yes, \n indeed. ", "content:  Yes, \n indeed. "),
        new(dialect, "switched off by an empty block", $"{start}\n\n{end}\n\nYes.", "content: Yes."),
        new(dialect, "an answer that speaks of markers is an answer", $"Write {start}x{end}.", $"content: Write {start}x{end}."),
        new(dialect, "two blocks one after the other", $"{start}a{end}\n{start}b{end}\nc", "reasoning: ab", "content: c"),
        new(dialect, "an end alone is text", $"{end} x", $"content: {end} x"),
        new(dialect, "a cut in the start marker is text", start[..^1], $"content: {start[..^1]}"),
        new(dialect, "a cut in the thinking", $"{start}a b\n", "reasoning: a b\n"),
    ];

    private static IEnumerable<Example> Specific =>
    [
        new("kimi_thinking", "a section of calls ends the thinking too", $"<think>I call. {KimiCall}", "reasoning: I call.", "content: " + KimiCall),
        new("kimi_k25", "a section of calls ends the thinking too", $"I call.{KimiCall}", "reasoning: I call.", "content: " + KimiCall),
        new("cohere_cmd", "the answer's own markers are dropped",
            "<|START_THINKING|>Hm.<|END_THINKING|><|START_RESPONSE|>Yes.\n<|END_RESPONSE|>",
            "reasoning: Hm.", "content: Yes."),
        new("cohere_cmd", "without thinking they are dropped too", "<|START_RESPONSE|> A b <|END_RESPONSE|>", "content: A b"),
        new("cohere_cmd", "text inside and after them stays", "x <|START_TEXT|>\ny z<|END_TEXT|> <|oops", "content: xy z<|oops"),
    ];
}
