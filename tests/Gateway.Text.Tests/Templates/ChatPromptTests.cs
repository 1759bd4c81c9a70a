using System.Text;
using System.Text.Json;
using Gateway.Text.Templates;

namespace Gateway.Text.Tests.Templates;

/// <summary>What is done with a request before and after its template is rendered.</summary>
public sealed class ChatPromptTests
{
    /// <summary>Takes strings only, and arguments as objects.</summary>
    private const string Plain =
        "{% for m in messages %}<{{ m.role }}>{{ m.content + '' }}{% for c in m.tool_calls or [] %}[{{ c.function.name }} {{ c.function.arguments.items() | list | length }} {{ c.function.arguments | tojson }}]{% endfor %}</s>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

    /// <summary>Takes lists of parts only, from a macro.</summary>
    private const string Listed =
        "{% macro show(content) %}{% for part in content %}{{ part.text if part.type == 'text' else '(' ~ part.type ~ ')' }}{% endfor %}{% endmacro %}{% for m in messages %}<{{ m.role }}>{{ show(m.content) }}{% endfor %}";

    /// <summary>Takes no content and a string of arguments.</summary>
    private const string Strict =
        "{% for m in messages %}<{{ m.role }}>{% if m.content is none %}{% for c in m.tool_calls %}{{ '[' + c.function.arguments + ']' }}{% endfor %}{% else %}{{ m.content + '' }}{% endif %}{% endfor %}";

    [Fact]
    public void Text_parts_are_joined_for_a_template_that_takes_strings() =>
        Assert.Equal("<user>a\nb</s><assistant>", Render(Plain, """[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]"""));

    [Fact]
    public void An_image_is_refused_where_the_template_takes_strings()
    {
        var refused = Assert.Throws<TemplateException>(() =>
            Render(Plain, """[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]"""));
        Assert.Contains("'image_url'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Media_parts_become_what_templates_know_them_as() => Assert.Equal(
        "<user>a(image)(audio)(video)",
        Render(Listed, """[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"x"}},{"type":"input_audio"},{"type":"video_url"}]}]"""));

    [Fact]
    public void A_string_becomes_a_part_for_a_template_that_takes_nothing_else() =>
        Assert.Equal("<user>a", Render(Listed, """[{"role":"user","content":"a"}]"""));

    [Fact]
    public void Arguments_are_parsed_for_a_template_that_takes_objects() => Assert.Equal(
        """<assistant>[f 1 {"a": 1}]</s>""",
        Render(Plain, """[{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f","arguments":"{\"a\":1}"}}]}]""", generate: false));

    [Fact]
    public void No_arguments_are_an_empty_object() => Assert.Equal(
        "<assistant>[f 0 {}]</s>",
        Render(Plain, """[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":""}}]}]""", generate: false));

    [Fact]
    public void Arguments_become_a_string_and_content_stays_null_for_a_template_that_takes_them_so() => Assert.Equal(
        """<assistant>[{"a": 1}]""",
        Render(Strict, """[{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]}]"""));

    [Theory]
    [InlineData("Sure: ", "<user>x</s><assistant>Sure: ")]
    [InlineData("Sure:", "<user>x</s><assistant>Sure:")]
    [InlineData("  Sure", "<user>x</s><assistant>  Sure")]
    public void A_final_message_is_continued_without_the_end_of_its_turn(string text, string expected) => Assert.Equal(
        expected,
        Render(Plain, $$"""[{"role":"user","content":"x"},{"role":"assistant","content":"{{text}}"}]""", generate: false, proceed: true));

    [Fact]
    public void A_final_message_that_the_template_trims_is_continued_from_its_trimmed_end() => Assert.Equal(
        "<Sure:",
        Render("{% for m in messages %}<{{ m.content | trim }}>{% endfor %}", """[{"role":"assistant","content":"Sure: "}]""", generate: false, proceed: true));

    [Fact]
    public void A_final_message_that_is_not_rendered_cannot_be_continued() => Assert.Throws<TemplateException>(() =>
        Render("{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}", """[{"role":"assistant","content":"Sure"}]""", generate: false, proceed: true));

    [Fact]
    public void What_was_in_the_output_before_stays()
    {
        using var output = new PooledText();
        output.Write("before:");
        ChatPrompt.Render(
            new ChatTemplateSet(ChatTemplate.Compile(Plain)),
            new ChatTemplateInput { Messages = """[{"role":"assistant","content":"x"}]"""u8.ToArray(), AddGenerationPrompt = false, ContinueFinalMessage = true },
            output);
        Assert.Equal("before:<assistant>x", output.ToString());
    }

    [Fact]
    public void A_named_template_is_chosen_by_what_the_request_brings()
    {
        var set = ChatTemplateSet.Read(JsonElement.Parse(
            """[{"name":"default","template":"plain"},{"name":"tool_use","template":"tools"},{"name":"rag","template":"documents"}]"""));
        Assert.Equal("plain", Render(set, "[]", default, default));
        Assert.Equal("tools", Render(set, "[]", "[{}]"u8.ToArray(), "[{}]"u8.ToArray()));
        Assert.Equal("documents", Render(set, "[]", "[]"u8.ToArray(), "[{}]"u8.ToArray()));
    }

    [Fact]
    public void Arguments_of_the_request_hide_settings_and_never_the_messages()
    {
        using var output = new PooledText();
        ChatTemplate.Compile("{{ messages | length }} {{ add_generation_prompt }} {{ enable_thinking }} {{ bos_token }} {{ tools }}").Render(
            new ChatTemplateInput
            {
                Messages = "[1,2]"u8.ToArray(),
                Arguments = """{"messages":[],"add_generation_prompt":false,"enable_thinking":true}"""u8.ToArray(),
                SpecialTokens = new SpecialTokens([new("bos_token", "<s>"), new("eos_token", null)]),
            },
            output);
        Assert.Equal("2 False True <s> None", output.ToString());
    }

    [Theory]
    [InlineData(Plain, ContentFormat.Text, true, false, true)]
    [InlineData(Listed, ContentFormat.Parts, false, false, true)]
    [InlineData(Strict, ContentFormat.Text, true, true, false)]
    public void A_template_is_asked_what_it_takes(string template, ContentFormat content, bool text, bool none, bool objects)
    {
        var traits = ChatTemplate.Compile(template).Traits;
        Assert.Equal((content, text, none, objects), (traits.Content, traits.TakesText, traits.TakesNull, traits.TakesArgumentObjects));
    }

    private static string Render(string template, string messages, bool generate = true, bool proceed = false)
    {
        using var output = new PooledText();
        ChatPrompt.Render(
            new ChatTemplateSet(ChatTemplate.Compile(template)),
            new ChatTemplateInput { Messages = Encoding.UTF8.GetBytes(messages), AddGenerationPrompt = generate, ContinueFinalMessage = proceed },
            output);
        return output.ToString();
    }

    private static string Render(ChatTemplateSet set, string messages, ReadOnlyMemory<byte> tools, ReadOnlyMemory<byte> documents)
    {
        using var output = new PooledText();
        ChatPrompt.Render(set, new ChatTemplateInput { Messages = Encoding.UTF8.GetBytes(messages), Tools = tools, Documents = documents }, output);
        return output.ToString();
    }
}
