using Gateway.Text.Templates;

namespace Gateway.Text.Tests.Templates;

/// <summary>No template takes more than it was allowed, whatever it tries.</summary>
public sealed class TemplateLimitTests
{
    private static readonly TemplateLimits Small = new() { MaxSteps = 100_000, MaxOutputLength = 100_000, MaxDepth = 20 };

    [Theory]
    [InlineData("{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}")]
    [InlineData("{{ 'x' * 1000000000 }}")]
    [InlineData("{{ 'x' * 9223372036854775807 }}")]
    [InlineData("{{ [1] * 1000000000 }}")]
    [InlineData("{{ range(1000000000) }}")]
    [InlineData("{{ range(0, 9223372036854775807, 1) }}")]
    [InlineData("{{ '%1000000000d' % 1 }}")]
    [InlineData("{{ '{:>1000000000}'.format(1) }}")]
    [InlineData("{{ 'a'.ljust(1000000000) }}{{ 'a'.zfill(1000000000) }}")]
    [InlineData("{{ 'a\nb' | indent(1000000000) }}")]
    [InlineData("{{ 2 ** 100000000 }}")]
    [InlineData("{% set ns = namespace(x=9) %}{% for i in range(60) %}{% set ns.x = ns.x * ns.x %}{% endfor %}")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{% macro m() %}{{ m() ~ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{% set l = [] %}{% for i in range(200) %}{% set _ = l.append(l) %}{% endfor %}{{ l }}")]
    [InlineData("{% set l = [] %}{% set _ = l.append(l) %}{{ l | tojson }}")]
    [InlineData("{% set l = [] %}{% set _ = l.append(l) %}{% set m = [] %}{% set _ = m.append(m) %}{{ l == m }}")]
    [InlineData("{% set l = [1] %}{% for x in l %}{% set _ = l.append(x) %}{% endfor %}")]
    [InlineData("{% for i in range(1000) %}{{ 'x' * 1000 }}{% endfor %}")]
    [InlineData("{{ 'a' | replace('', 'x' * 90000) | replace('', 'x' * 90000) }}")]
    [InlineData("{{ ([[1] * 1000] * 1000) | sum(start=[]) }}")]
    public void What_would_take_too_much_is_ended(string template)
    {
        var ended = Assert.Throws<TemplateException>(() => Rendering.Render(template, limits: Small));
        Assert.Equal(TemplateFailure.Limit, ended.Failure);
    }

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
    public void A_string_made_on_the_way_has_a_limit(string template)
    {
        var ended = Assert.Throws<TemplateException>(() => Rendering.Render(template, limits: Small with { MaxSteps = 20_000, MaxOutputLength = 10_000 }));
        Assert.Equal(TemplateFailure.Limit, ended.Failure);
        Assert.Contains("characters", ended.Message, StringComparison.Ordinal);
    }

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
    [InlineData("{{ x", ".y", " }}")]
    [InlineData("{{ x", " | list", " }}")]
    [InlineData("{{ ", "not ", "x }}")]
    [InlineData("{{ ", "- ", "x }}")]
    [InlineData("{{ x", " - x", " }}")]
    [InlineData("{{ x", " if x else x", " }}")]
    [InlineData("{{ x", " or x", " }}")]
    [InlineData("", "{% if x %}", "")]
    public void Chains_that_are_too_long_do_not_compile(string before, string link, string after) =>
        Assert.Throws<TemplateException>(() => ChatTemplate.Compile(before + string.Concat(Enumerable.Repeat(link, 10_000)) + after));

    [Fact]
    public void A_sum_may_be_as_long_as_it_likes() =>
        Assert.Equal("10001", Rendering.Render("{{ 1" + string.Concat(Enumerable.Repeat(" + 1", 10_000)) + " }}"));

    [Fact]
    public void A_conversation_of_a_megabyte_is_far_from_the_limits()
    {
        var content = string.Concat(Enumerable.Repeat("some words, a quote \\\" and a line\\n", 30_000));
        var text = Rendering.Render("{{ '<' + x | trim + '>' }}{{ '</think>' in x }}{{ x | tojson }}", $$"""{"x":"{{content}}"}""");
        Assert.True(text.Length > 2_000_000);
    }

    [Fact]
    public void Json_that_is_nested_too_deep_is_refused() =>
        Assert.Throws<TemplateException>(() => Rendering.Render("x", $$"""{"x":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}"""));

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

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
