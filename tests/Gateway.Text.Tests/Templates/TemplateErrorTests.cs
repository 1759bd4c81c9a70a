using Gateway.Text.Templates;

namespace Gateway.Text.Tests.Templates;

/// <summary>What a template's failure tells.</summary>
public sealed class TemplateErrorTests
{
    [Fact]
    public void A_refusal_has_the_templates_own_words_and_line()
    {
        var refused = Assert.Throws<TemplateException>(() => Rendering.Render("a\n{% if true %}\n  {{ raise_exception('Roles must alternate') }}\n{% endif %}"));
        Assert.Equal((TemplateFailure.Raised, "Roles must alternate", 3), (refused.Failure, refused.Message, refused.Line));
    }

    [Theory]
    [InlineData("a\n\n{{ 1 + }}", 3)]
    [InlineData("{% if x %}\n\n", 2)]
    [InlineData("{# a\n\n#}\n{{ x | nope }}", 4)]
    [InlineData("{{ 'a\nb' }}\n{% nope %}", 3)]
    [InlineData("a\r\nb\r\n{% endif %}", 3)]
    public void A_template_that_does_not_compile_tells_its_line(string template, int line)
    {
        var refused = Assert.Throws<TemplateException>(() => ChatTemplate.Compile(template));
        Assert.Equal((TemplateFailure.Syntax, line), (refused.Failure, refused.Line));
    }

    [Theory]
    [InlineData("{{ x.y }}", "'x' is undefined")]
    [InlineData("{{ messages[0].role }}", "'list object' has no attribute '0'")]
    [InlineData("{{ {}.a.b }}", "'dict object' has no attribute 'a'")]
    [InlineData("{{ 'a' + 1 }}", "can only concatenate str (not \"int\") to str")]
    [InlineData("{{ none + 'a' }}", "unsupported operand type(s) for +: 'NoneType' and 'str'")]
    [InlineData("{% for x in 1 %}{% endfor %}", "'int' object is not iterable")]
    [InlineData("{% set messages[0] = 1 %}", null)]
    [InlineData("{{ x | tojson }}", "Object of type Undefined is not JSON serializable")]
    public void A_failure_is_said_as_Jinja_says_it(string template, string? message)
    {
        var failed = Assert.Throws<TemplateException>(() => Rendering.Render(template));
        if (message is not null)
            Assert.Equal(message, failed.Message);
    }

    [Theory]
    [InlineData("{% set _ = x.append(1) %}", """{"x":[]}""")]
    [InlineData("{% set _ = x.update(a=1) %}", """{"x":{}}""")]
    [InlineData("{% set _ = x[0].pop('a') %}", """{"x":[{"a":1}]}""")]
    public void What_came_with_the_request_cannot_be_changed(string template, string variables) =>
        Assert.Throws<TemplateException>(() => Rendering.Render(template, variables));

    [Fact]
    public void What_a_template_made_itself_can_be() => Assert.Equal(
        "[1, 2, 3]{'a': 1}",
        Rendering.Render("{% set l = [1] %}{% set _ = l.append(2) %}{% set _ = l.extend([3]) %}{{ l }}{% set d = {} %}{% set _ = d.update(a=1) %}{{ d }}"));

    [Theory]
    [InlineData("{{ ''.__class__ }}")]
    [InlineData("{{ [].__class__.__mro__ }}")]
    [InlineData("{{ namespace.__globals__ }}")]
    [InlineData("{{ ''['__class__'] }}")]
    [InlineData("{{ ('' | attr('__class__')) }}")]
    [InlineData("{{ '{0.__class__}'.format('') }}")]
    public void There_is_no_way_out(string template)
    {
        try
        {
            Assert.Equal("", Rendering.Render(template));
        }
        catch (TemplateException)
        {
            // As good as nothing.
        }
    }

    [Fact]
    public void Today_is_told_by_the_clock_it_is_given() => Assert.Equal(
        "07 March 2026 Sat 7 10:05 PM",
        Rendering.Render("{{ strftime_now('%d %B %Y %a %-d %I:%M %p') }}", time: new Noon()));

    [Theory]
    [InlineData("""{"x":"\ud83c\udf89 \u00e9 \"q\" \\ \/ \n\ud800!"}""", "🎉 é \"q\" \\ / \n\uFFFD!")]
    [InlineData("""{"x":12345678901234567890}""", "12345678901234567890")]
    [InlineData("""{"x":[1.0, 1e5, -0.0, 1E400]}""", "[1.0, 100000.0, -0.0, inf]")]
    [InlineData("""{"x":{"a":1,"b":2,"a":3}}""", "{'a': 3, 'b': 2}")]
    public void Json_is_read_as_Python_reads_it(string variables, string expected) =>
        Assert.Equal(expected, Rendering.Render("{{ x }}", variables));

    private sealed class Noon : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 3, 7, 22, 5, 0, TimeSpan.Zero);
    }
}
