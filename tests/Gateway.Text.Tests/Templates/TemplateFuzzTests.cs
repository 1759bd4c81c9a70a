using System.Globalization;
using System.Text;
using CsCheck;
using Gateway.Text.Templates;

namespace Gateway.Text.Tests.Templates;

/// <summary>Templates and conversations that nobody would write: they end in a prompt within the limits or in a <see cref="TemplateException"/>.</summary>
public sealed class TemplateFuzzTests
{
    private static readonly TemplateLimits Small = new() { MaxSteps = 20_000, MaxOutputLength = 20_000, MaxDepth = 10 };

    private static readonly Gen<string> Name = Words("messages", "x", "y", "loop", "ns", "m", "caller", "kwargs", "tools", "missing", "range", "s");

    private static readonly Gen<string> Literal = Words(
        "1", "0", "-1", "2.5", "1e300", "9223372036854775807", "''", "'a,b'", "'%s %d'", "'{} {x}'", "'🎉é'", "'\\n'", "true", "none", "[]", "[1, 'a']", "(1,)", "{}", "{'a': 1}");

    private static readonly Gen<string> Filter = Words(
        "upper", "trim", "length", "list", "first", "last", "sort", "join(',')", "tojson", "tojson(indent=2)", "string", "int", "float", "round", "abs",
        "reverse", "unique", "map('upper')", "map(attribute='a')", "select('string')", "selectattr('a')", "groupby('a')", "batch(2, 0)", "slice(2)",
        "dictsort", "items", "sum", "max", "min", "indent(3)", "truncate(5)", "replace('a', 'b')", "default('d')", "urlencode", "title", "wordcount",
        "format(1)", "center(9)", "escape", "attr('a')", "nope", "replace('', 'zzzz')");

    private static readonly Gen<string> Postfix = Words(
        ".a", "[0]", "[-1]", "['a']", "[::-1]", "[1:]", "[:2]", ".items()", ".split(',')", ".strip()", ".append(1)", ".format(1, x=2)", ".get('a')",
        ".update(a=x)", ".pop()", "()", "(x, y=1)", "(*x, **y)", ".index", ".replace('a', x)", ".join(x)", ".zfill(50)", ".count('')", ".find('a', 1)");

    private static readonly Gen<string> Operator = Words(
        "+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", "in", "not in", "and", "or", "is sameas", "if x else");

    private static readonly Gen<string> Test = Words(
        "defined", "string", "mapping", "odd", "divisibleby 3", "in x", "sameas y", "lower", "callable", "gt 1", "nope");

    private static readonly Gen<string> Expression = Gen.Recursive<string>((depth, inner) => depth > 4
        ? Gen.OneOf(Name, Literal)
        : Gen.Frequency(
            (2, Name),
            (2, Literal),
            (3, Gen.Select(inner, Postfix, static (e, p) => e + p)),
            (3, Gen.Select(inner, Filter, static (e, f) => $"({e}) | {f}")),
            (3, Gen.Select(inner, Operator, inner, static (a, o, b) => $"({a} {o} {b})")),
            (1, Gen.Select(inner, Test, static (e, t) => $"({e} is {t})")),
            (1, inner.Select(static e => $"[{e}, {e}]")),
            (1, inner.Select(static e => $"not {e}"))));

    private static readonly Gen<string> Template = Gen.Recursive<string>((depth, inner) => depth > 4
        ? Gen.OneOf(Expression.Select(static e => $"{{{{ {e} }}}}"), Words("text", "\n", "  ", "{#- c -#}"))
        : Gen.Frequency(
            (3, Expression.Select(static e => $"{{{{- {e} }}}}")),
            (3, Gen.Select(inner, inner, static (a, b) => a + b)),
            (2, Gen.Select(Expression, inner, inner, static (e, a, b) => $"{{% if {e} %}}{a}{{% else %}}{b}{{% endif %}}")),
            (2, Gen.Select(Name, Expression, inner, static (n, e, a) => $"{{% for {n} in {e} %}}{a}{{% endfor %}}")),
            (1, Gen.Select(Name, Expression, Expression, inner, static (n, e, c, a) => $"{{%- for {n} in {e} if {c} -%}}{a}{{% break %}}{{%- endfor -%}}")),
            (2, Gen.Select(Name, Expression, static (n, e) => $"{{% set {n} = {e} %}}")),
            (1, Gen.Select(Name, inner, static (n, a) => $"{{% set {n} | upper %}}{a}{{% endset %}}")),
            (1, Expression.Select(static e => $"{{% set ns = namespace(a={e}) %}}{{% set ns.a = ns %}}")),
            (1, Gen.Select(Name, Expression, inner, static (n, e, a) => $"{{% macro m({n}, y={e}) %}}{a}{{% endmacro %}}{{{{ m(x) }}}}")),
            (1, Gen.Select(Expression, inner, static (e, a) => $"{{% call(x) m({e}) %}}{a}{{% endcall %}}")),
            (1, inner.Select(static a => $"{{% filter trim %}}{a}{{% endfilter %}}")),
            (1, inner.Select(static a => $"{{% generation %}}{a}{{% endgeneration %}}")),
            (1, Gen.Select(Name, Expression, inner, static (n, e, a) => $"{{% with {n} = {e} %}}{a}{{% endwith %}}"))));

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth > 4
        ? Words("1", "null", "true", "\"\"", "\"a\"", "\"\\ud83d\\ude00\\n\"", "2.50", "-0", "123456789012345678901", "\"" + new string('y', 100) + "\"")
        : Gen.OneOf(
            inner,
            inner.Array[0, 4].Select(static items => $"[{string.Join(',', items)}]"),
            inner.Array[0, 12].Select(static items => $"{{{string.Join(',', items.Select(static (item, i) => $"\"{(char)('a' + i)}\":{item}"))}}}")));

    [Fact]
    public void A_template_of_any_shape_ends_within_its_limits() =>
        Gen.Select(Template, Json, Json).Sample((template, x, y) => Try(template, $$"""{"x":{{x}},"y":{{y}},"s":"words, and more"}"""), iter: 20_000);

    [Fact]
    public void A_template_that_is_cut_or_has_a_character_too_many_does_not_crash() =>
        Gen.Select(Template, Gen.Int[0, 200], Gen.Char).Sample(
            (template, at, character) =>
            {
                at = Math.Min(at, template.Length);
                Try(template[..at], "{}");
                Try(template.Insert(at, character.ToString(CultureInfo.InvariantCulture)), "{}");
            },
            iter: 10_000);

    [Fact]
    public void Text_that_is_no_template_at_all_does_not_crash() =>
        Gen.Char["{}%#-+ \n'\"\\raw endset.()[]|=1aé\u2028"].Array[0, 60].Select(static characters => new string(characters))
            .Sample(static template => Try(template, "{}"), iter: 50_000);

    [Fact]
    public void A_request_of_any_shape_is_made_a_prompt_or_refused() =>
        Gen.Select(Json, Json, Gen.Bool, Gen.Int[0, Templates.Length - 1].Select(static i => Templates[i])).Sample(
            static (messages, tools, proceed, template) =>
            {
                using var output = new PooledText();
                try
                {
                    ChatPrompt.Render(
                        template,
                        new ChatTemplateInput
                        {
                            Messages = Encoding.UTF8.GetBytes(messages),
                            Tools = Encoding.UTF8.GetBytes(tools),
                            AddGenerationPrompt = !proceed,
                            ContinueFinalMessage = proceed,
                        },
                        output,
                        Small);
                }
                catch (TemplateException)
                {
                    // A refusal, as it should be.
                }
            },
            iter: 10_000);

    private static ChatTemplateSet[] Templates { get; } =
    [
        .. Directory.GetFiles(Path.Combine(ParityFolder.Path, "templates"))
            .Order(StringComparer.Ordinal)
            .Select(static file => new ChatTemplateSet(ChatTemplate.Compile(File.ReadAllText(file)))),
    ];

    private static Gen<string> Words(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    private static void Try(string template, string variables)
    {
        try
        {
            Assert.True(Rendering.Render(template, variables, Small).Length <= Small.MaxOutputLength);
        }
        catch (TemplateException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}
