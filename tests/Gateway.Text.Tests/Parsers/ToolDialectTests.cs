using Gateway.Text.Parsers;
using Gateway.Text.Tests.Parsers.Examples;

namespace Gateway.Text.Tests.Parsers;

public sealed class ToolDialectTests
{
    private static readonly Example[] _examples =
        [.. JsonExamples.All, .. NamedExamples.All, .. TaggedExamples.All, .. PythonExamples.All];

    public static TheoryData<Example> Examples => [.. _examples];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_answer_means_what_its_dialect_says(Example example) =>
        Assert.Equal(example.Meaning, Parsing.Whole(Parsing.Speaking(example.Dialect), Parsing.WithTools, example.Text).Lines);

    [Theory]
    [MemberData(nameof(Examples))]
    public void How_an_answer_was_cut_does_not_matter(Example example)
    {
        var format = Parsing.Speaking(example.Dialect);
        foreach (var halves in Parsing.Halves(example.Text))
            Assert.Equal(example.Meaning, Parsing.InPieces(format, Parsing.WithTools, halves).Lines);
        Assert.Equal(example.Meaning, Parsing.ByCharacter(format, Parsing.WithTools, example.Text).Lines);
    }

    [Fact]
    public void Half_a_character_in_a_value_is_passed_on() =>
        Assert.Equal(
            ["call get_weather {\"days\":\"\ud83d\"}"],
            Parsing.Whole(Parsing.Speaking("qwen_xml"), Parsing.WithTools, "<function=get_weather><parameter=days>\ud83d</parameter></function>").Lines);

    [Fact]
    public void Every_dialect_has_examples_of_whole_cut_and_malformed_answers()
    {
        foreach (var dialect in ToolDialects.Names.Where(static name => name != "passthrough"))
        {
            // GLM's two names are read by the same rules.
            var examples = _examples.Where(example => example.Dialect[..3] == dialect[..3] || example.Dialect == dialect).ToArray();
            Assert.True(examples.Length >= 6, $"{dialect} has {examples.Length} examples");
            Assert.Contains(examples, static example => example.Meaning[0].StartsWith("call", StringComparison.Ordinal));
            Assert.Contains(examples, static example => example.Meaning[^1].StartsWith("cut", StringComparison.Ordinal));
            Assert.Contains(examples, static example => example.Meaning is [var only] && only.StartsWith("content", StringComparison.Ordinal));
        }
    }
}
