using System.Text;
using Gateway.Text.Templates;

namespace Gateway.Text.Tests.Templates;

/// <summary>A template or a conversation cannot take more than <see cref="TemplateLimits"/> says, whatever way it goes about it.</summary>
public sealed class LimitTests
{
    private static readonly TemplateLimits Small = new() { MaxSteps = 20_000, MaxOutputLength = 10_000, MaxDepth = 16 };

    [Theory]
    [InlineData("{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% for a in range(100000) %}x{% endfor %}")]
    [InlineData("{{ range(90000) | list | length }}")]
    [InlineData("{{ range(90000) | sum }}")]
    [InlineData("{% set n = namespace(l=[1]) %}{% for i in range(60) %}{% set n.l = n.l + n.l %}{% endfor %}")]
    [InlineData("{{ [0] * 1000000000 }}")]
    public void Work_has_a_limit(string template) => Exceeds(template, "steps");

    [Fact]
    public void A_range_is_refused_before_it_is_made() => Exceeds("{{ range(1000000000) | sum }}", "Range too big");

    [Theory]
    [InlineData("{% for i in range(1001) %}0123456789{% endfor %}")]
    [InlineData("{{ messages }}{{ 'x' * 9999 }}")]
    public void The_prompt_has_a_limit(string template) => Exceeds(template, "characters");

    /// <summary>None of them is printed, and none is more than the steps would allow.</summary>
    [Theory]
    [InlineData("{{ ('x' * 10001) | length }}")]
    [InlineData("{{ (10001 * 'x') | length }}")]
    [InlineData("{{ ('x' * 1000000000000) | length }}")]
    [InlineData("{{ ('x' * 6000 + 'x' * 6000) | length }}")]
    [InlineData("{{ ('x' * 6000 ~ 'x' * 6000) | length }}")]
    [InlineData("{{ (('x' * 5000) | replace('x', 'yyy')) | length }}")]
    [InlineData("{{ ('x' | center(20000)) | length }}")]
    [InlineData("{{ ('%20000d' % 1) | length }}")]
    [InlineData("{{ '{:20000}'.format(1) | length }}")]
    [InlineData("{{ (('a' * 200) | list | join('b' * 100)) | length }}")]
    [InlineData("{{ ([1] | tojson(indent=20000)) | length }}")]
    [InlineData("{{ ('a\nb' | indent(20000)) | length }}")]
    [InlineData("{% set s %}{% for i in range(1001) %}0123456789{% endfor %}{% endset %}{{ s | length }}")]
    public void A_string_made_on_the_way_has_a_limit(string template) => Exceeds(template, "characters");

    [Theory]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}")]
    [InlineData("{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}")]
    public void Calls_have_a_limit(string template) => Exceeds(template, "deep");

    [Fact]
    public void What_is_nested_too_deep_to_compile_is_a_syntax_error()
    {
        string[] templates =
        [
            "{{ " + Repeat("(", 5000) + "1" + Repeat(")", 5000) + " }}",
            "{{ " + Repeat("[", 5000) + Repeat("]", 5000) + " }}",
            "{{ " + Repeat("not ", 5000) + "1 }}",
            "{{ " + Repeat("-", 5000) + "1 }}",
            "{{ " + Repeat("1 if 1 else ", 5000) + "1 }}",
            "{{ " + Repeat("2 ** ", 5000) + "1 }}",
            Repeat("{% if 1 %}", 5000) + Repeat("{% endif %}", 5000),
            Repeat("{% for i in [] %}", 5000) + Repeat("{% endfor %}", 5000),
        ];
        foreach (var template in templates)
        {
            var exception = Assert.Throws<TemplateException>(() => ChatTemplate.Compile(template));
            Assert.Equal(TemplateFailure.Syntax, exception.Failure);
        }
    }

    [Theory]
    [InlineData("{{ 1", " + 1", " }}")]
    [InlineData("{{ 'a'", " ~ 'a'", " }}")]
    [InlineData("{{ 'a'", " | trim", " }}")]
    [InlineData("{{ x", ".y", " }}")]
    [InlineData("{{ 1", " and 1", " }}")]
    [InlineData("{% if 0 %}", "{% elif 0 %}", "{% endif %}")]
    public void A_chain_of_any_length_comes_to_an_end(string beginning, string link, string end)
    {
        try
        {
            Rendering.Render(beginning + Repeat(link, 20_000) + end);
        }
        catch (TemplateException)
        {
        }
    }

    [Fact]
    public void What_is_within_the_limits_renders() =>
        Assert.Equal(10_000, Rendering.Render("{% for i in range(1000) %}0123456789{% endfor %}", "{}", Small).Length);

    [Fact]
    public void A_list_that_holds_itself_can_be_printed_or_refused_but_not_forever()
    {
        foreach (var use in new[] { "{{ l }}", "{{ l | tojson }}", "{{ l == l }}", "{{ l | string | length }}", "{{ l < l }}", "{{ l in l }}" })
        {
            try
            {
                Rendering.Render("{% set l = [1] %}{% if l.append(l) %}{% endif %}" + use, "{}", Small);
            }
            catch (TemplateException)
            {
            }
        }
    }

    [Fact]
    public void Values_nested_too_deep_are_refused()
    {
        var deep = Encoding.UTF8.GetBytes(Repeat("[", 5000) + Repeat("]", 5000));
        using var output = new PooledText();
        Assert.Throws<TemplateException>(() => ChatTemplate.Compile("{{ messages }}").Render(new ChatTemplateInput { Messages = deep }, output));
    }

    private static void Exceeds(string template, string limit)
    {
        var exception = Assert.Throws<TemplateException>(() => Rendering.Render(template, "{}", Small));
        Assert.Equal(TemplateFailure.Limit, exception.Failure);
        Assert.Contains(limit, exception.Message, StringComparison.Ordinal);
    }

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
