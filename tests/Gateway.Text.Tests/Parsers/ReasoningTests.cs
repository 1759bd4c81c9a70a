using Gateway.Text.Parsers;
using Gateway.Text.Tests.Parsers.Examples;

namespace Gateway.Text.Tests.Parsers;

public sealed class ReasoningTests
{
    private const string Text = " <think>\nHm <tool_call>\n</think>\n\nYes <tool_call>{\"name\": \"now\"}</tool_call>";

    private static readonly ChatOutputOptions _plain = new();

    public static TheoryData<Example> Examples => [.. ReasoningExamples.All];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_answer_means_what_its_dialect_says(Example example) =>
        Assert.Equal(example.Meaning, Parsing.Whole(Parsing.Thinking(example.Dialect), _plain, example.Text).Lines);

    [Theory]
    [MemberData(nameof(Examples))]
    public void How_an_answer_was_cut_does_not_matter(Example example)
    {
        var format = Parsing.Thinking(example.Dialect);
        foreach (var halves in Parsing.Halves(example.Text))
            Assert.Equal(example.Meaning, Parsing.InPieces(format, _plain, halves).Lines);
        Assert.Equal(example.Meaning, Parsing.ByCharacter(format, _plain, example.Text).Lines);
    }

    [Fact]
    public void Every_dialect_has_examples()
    {
        var dialects = ReasoningExamples.All.Select(static example => example.Dialect).ToHashSet();
        Assert.Equal(ReasoningDialects.Names.Where(static name => name != "passthrough").Order(), dialects.Order());
    }

    [Fact]
    public void Calls_are_looked_for_in_the_answer_and_not_in_the_thinking() =>
        Assert.Equal(
            ["reasoning: Hm <tool_call>", "content: Yes", "call now {}"],
            Parsing.Whole(Parsing.Thinking("base", "qwen"), Parsing.WithTools, Text).Lines);

    [Fact]
    public void Thinking_that_is_not_separated_stays_to_the_letter_and_calls_in_it_are_none()
    {
        var options = Parsing.WithTools with { SeparateReasoning = false };
        string[] expected = ["content:  <think>\nHm <tool_call>\n</think>\n\nYes", "call now {}"];
        var format = Parsing.Thinking("base", "qwen");
        Assert.Equal(expected, Parsing.Whole(format, options, Text).Lines);
        Assert.Equal(expected, Parsing.ByCharacter(format, options, Text).Lines);
    }

    [Fact]
    public void Thinking_that_is_not_streamed_comes_in_one_piece()
    {
        var pieces = new List<string>();
        var parser = new ChatOutputParser(
            Parsing.Thinking("base"), new() { StreamReasoning = false }, new ReasoningPieces(pieces));
        foreach (var character in "<think>\nA b.\n\nC.\n</think>Yes.")
            parser.Push([character]);
        Assert.Equal(["A b.\n\nC."], pieces);
    }

    [Fact]
    public void Thinking_that_is_not_streamed_comes_at_the_end_if_it_was_cut() =>
        Assert.Equal(
            ["reasoning: A b"],
            Parsing.ByCharacter(Parsing.Thinking("base"), new() { StreamReasoning = false }, "<think>A b").Lines);

    [Theory]
    [InlineData("…<|Assistant|><think>\n", true)]
    [InlineData("…<|im_start|>assistant\n<think>\n\n</think>\n\n", false)]
    [InlineData("…<|im_start|>assistant\n", null)]
    public void The_end_of_the_prompt_says_where_the_answer_begins(string prompt, bool? startsInReasoning)
    {
        ReasoningDialects.TryFind("qwen3", out var dialect);
        Assert.Equal(startsInReasoning, dialect!.StartsInReasoningAfter(prompt));
    }

    [Theory]
    [InlineData("deepseek_r1", false, "content: x</think>y")]
    [InlineData("qwen3", true, "reasoning: x|content: y")]
    public void What_the_prompt_says_counts_more_than_the_dialect(string dialect, bool startsInReasoning, string meaning) =>
        Assert.Equal(
            meaning.Split('|'),
            Parsing.Whole(Parsing.Thinking(dialect), new() { StartsInReasoning = startsInReasoning }, "x</think>y").Lines);

    [Fact]
    public void Content_is_not_kept_back_where_nothing_can_begin()
    {
        var log = new EventLog();
        var parser = new ChatOutputParser(Parsing.Thinking("base", "qwen"), Parsing.WithTools, log);
        parser.Push("A<");
        Assert.Equal(["content: A"], log.Lines);
        parser.Push("b");
        Assert.Equal(["content: A<b"], log.Lines);
        parser.Push(" c <tool_cal");
        Assert.Equal(["content: A<b c"], log.Lines);
    }

    private sealed class ReasoningPieces(List<string> pieces) : IOutputSink
    {
        public void Reasoning(ReadOnlySpan<char> text) => pieces.Add(text.ToString());

        public void Content(ReadOnlySpan<char> text)
        {
        }

        public void ToolCallStarted(int index, string id, string name)
        {
        }

        public void ToolArguments(int index, ReadOnlySpan<char> json)
        {
        }

        public void ToolCallEnded(int index, bool complete)
        {
        }
    }
}
