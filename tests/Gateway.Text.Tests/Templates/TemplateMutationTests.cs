using System.Text;
using Gateway.Text.Templates;
using Xunit.Abstractions;

namespace Gateway.Text.Tests.Templates;

/// <summary>Whatever a template or a conversation is, rendering ends with a prompt within the limits or with a <see cref="TemplateException"/>.</summary>
public sealed class TemplateMutationTests(ITestOutputHelper output)
{
    private static readonly TemplateLimits Small = new() { MaxSteps = 50_000, MaxOutputLength = 20_000, MaxDepth = 16 };

    private static readonly string Context = ParityFolder.Read("context.json").GetRawText();

    private static readonly string[] Snippets = [.. ParityFolder.Read("snippets.json").EnumerateArray().Select(static snippet => snippet.GetString()!)];

    private static readonly string[] Words =
    [
        "{{", "}}", "{%", "%}", "{%-", "-%}", "{{-", "-}}", "{#", "#}", "{% if ", "{% elif ", "{% else %}", "{% endif %}", "{% for ", "{% endfor %}", "{% set ",
        "{% endset %}", "{% macro m(", "{% endmacro %}", "{% call m(", "{% endcall %}", "{% filter ", "{% endfilter %}", "{% break %}", "{% continue %}",
        "{% generation %}", "{% endgeneration %}", "{% raw %}", "{% endraw %}", " in ", " not ", " and ", " or ", " is ", " if ", " else ", " recursive ", "a", "b", "s", "n",
        "f", "names", "people", "loop", "loop.index", "loop.last", "caller()", "range(", "namespace(", "dict(", "cycler(", "joiner(", "raise_exception(", "strftime_now(",
        "messages", "m", "ns.x", "defined", "none", "string", "mapping", "true", "false", "|", "tojson", "trim", "join", "map", "select", "selectattr", "groupby",
        "sort", "unique", "batch", "slice", "indent", "replace", "length", "default", "first", "last", "items", "int", "float", "round", "format", "wordwrap",
        ".split(", ".format(", ".strip(", ".items()", ".append(", ".pop(", ".get(", ".__class__", "(", ")", "[", "]", "{", "}", ":", "::", ",", ".", "=", "==", "!=",
        "<", "<=", "+", "-", "*", "**", "/", "//", "%", "~", "0", "1", "-1", "99999999999999999999", "9223372036854775807", "1.5", "1e308", "'x'", "\"y\"", "'%s %d'",
        "'{0!r:>{1}}'", "'\\u00e9\\x41'", "'", "\"", "\\", "\n", "\r\n", "\t", " ", "\u00e9", "\U0001f600", "\ud800", "\0",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Only_template_exceptions_come_out(int seed)
    {
        var random = new Random(seed);
        var (rendered, refused) = (0, 0);
        for (var round = 0; round < 10_000; round++)
        {
            var template = Make(random);
            try
            {
                Assert.True(Rendering.Render(template, Context, Small).Length <= Small.MaxOutputLength);
                rendered++;
            }
            catch (TemplateException)
            {
                refused++;
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}, round {round}: {exception.GetType().Name} by {Escaped(template)}\n{exception}");
            }
        }

        output.WriteLine($"{rendered} rendered, {refused} refused");
        Assert.True(rendered > 500, $"only {rendered} rendered");
    }

    /// <summary>Snippets that mean something, with pieces cut out, doubled, swapped with another's or replaced; and words at random.</summary>
    private static string Make(Random random) => random.Next(4) switch
    {
        0 => string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => Any(random, Words))),
        1 => Mutate(random, Any(random, Snippets) + Any(random, Snippets)),
        2 => "{{ " + string.Join(' ', Enumerable.Range(0, random.Next(1, 8)).Select(_ => Any(random, Words))) + " }}",
        _ => Mutate(random, Any(random, Snippets)),
    };

    private static string Mutate(Random random, string template)
    {
        var text = new StringBuilder(template);
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(text.Length + 1);
            var length = random.Next(Math.Min(12, text.Length - at) + 1);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, text.ToString(at, length));
                    break;
                case 2:
                    text.Insert(at, Any(random, Words));
                    break;
                default:
                    text.Remove(at, length).Insert(at, Any(random, Words));
                    break;
            }
        }

        return text.ToString();
    }

    private static string Any(Random random, string[] choices) => choices[random.Next(choices.Length)];

    private static string Escaped(string text) => string.Concat(text.Select(static unit => unit is >= ' ' and <= '~' ? $"{unit}" : $"\\u{(int)unit:x4}"));
}
