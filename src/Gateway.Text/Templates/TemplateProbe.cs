using System.Text;

namespace Gateway.Text.Templates;

/// <summary>
/// Asks a template what it takes, by rendering small conversations whose words are easily found again. Reading its syntax tree for loops
/// over a content, as others do, misses those that leave that to a macro.
/// </summary>
internal static class TemplateProbe
{
    private const string Word = "zxqprobe";

    private static readonly TemplateLimits Limits = new() { MaxSteps = 1_000_000, MaxOutputLength = 1 << 20 };

    /// <summary>Many templates add them to strings, and fail without.</summary>
    private static readonly SpecialTokens Tokens = new([new("bos_token", "<s>"), new("eos_token", "</s>")]);

    public static TemplateTraits Ask(ChatTemplate template)
    {
        var takesText = Render(template, $$"""[{"role":"user","content":"{{Word}}"}]""")?.Contains(Word, StringComparison.Ordinal) == true;
        var parts = Render(template, $$"""[{"role":"user","content":[{"type":"text","text":"{{Word}}"}]}]""");
        var takesParts = parts?.Contains(Word, StringComparison.Ordinal) == true && !ShowsStructure(parts);
        var withNull = Render(template, Turns("null", "\"{}\"")) ?? Render(template, Turns("null", "{}"));
        var takesNull = withNull is not null
            && !withNull.Contains("None", StringComparison.Ordinal)
            && !withNull.Contains("null", StringComparison.Ordinal);

        // With the content that such a turn will have: without one, some templates show the calls, and with one they do not.
        var withObject = Render(template, Turns(takesNull ? "null" : "\"\"", $$"""{"{{Word}}":1}"""));
        return new TemplateTraits(
            takesParts ? ContentFormat.Parts : ContentFormat.Text,
            takesText || !takesParts,
            takesNull,
            withObject is not null && !withObject.Contains($"'{Word}'", StringComparison.Ordinal),
            template.MentionsDeveloper);
    }

    /// <summary>A list that was printed as such.</summary>
    private static bool ShowsStructure(string rendered) =>
        rendered.Contains("'type'", StringComparison.Ordinal) || rendered.Contains("\"type\"", StringComparison.Ordinal);

    private static string Turns(string content, string arguments) =>
        $$$"""
        [{"role":"user","content":"a"},
        {"role":"assistant","content":{{{content}}},"tool_calls":[{"id":"call00001","type":"function","function":{"name":"f","arguments":{{{arguments}}}}}]},
        {"role":"tool","tool_call_id":"call00001","name":"f","content":"b"},
        {"role":"assistant","content":"c"},
        {"role":"user","content":"d"}]
        """;

    private static string? Render(ChatTemplate template, string messages)
    {
        using var output = new PooledText();
        try
        {
            template.Render(new ChatTemplateInput { Messages = Encoding.UTF8.GetBytes(messages), SpecialTokens = Tokens }, output, Limits);
            return output.ToString();
        }
        catch (TemplateException)
        {
            return null;
        }
    }
}
