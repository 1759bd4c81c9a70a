using Gateway.Text.Parsers;
using Gateway.Text.Tests.Parsers.Examples;

namespace Gateway.Text.Tests.Parsers;

public sealed class HarmonyTests
{
    private const string Thought = "<|channel|>analysis<|message|>a<|end|>";
    private const string Call = "<|start|>assistant<|channel|>commentary to=functions.now<|message|>{}<|call|>";

    public static TheoryData<Example> Examples => [.. HarmonyExamples.All];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_answer_means_what_its_channels_say(Example example) =>
        Assert.Equal(example.Meaning, Parsing.Whole(ChatOutputFormat.Harmony, Parsing.WithTools, example.Text).Lines);

    [Theory]
    [MemberData(nameof(Examples))]
    public void How_an_answer_was_cut_does_not_matter(Example example)
    {
        foreach (var halves in Parsing.Halves(example.Text))
            Assert.Equal(example.Meaning, Parsing.InPieces(ChatOutputFormat.Harmony, Parsing.WithTools, halves).Lines);
        Assert.Equal(example.Meaning, Parsing.ByCharacter(ChatOutputFormat.Harmony, Parsing.WithTools, example.Text).Lines);
    }

    [Fact]
    public void Without_tools_a_call_is_content() =>
        Assert.Equal(["reasoning: a", "content: {}"], Parsing.Whole(ChatOutputFormat.Harmony, new(), Thought + Call).Lines);

    [Fact]
    public void Thinking_that_is_not_separated_is_content_without_its_frame() =>
        Assert.Equal(
            ["content: a", "call now {}"],
            Parsing.Whole(ChatOutputFormat.Harmony, Parsing.WithTools with { SeparateReasoning = false }, Thought + Call).Lines);

    [Fact]
    public void Thinking_that_is_not_streamed_comes_whole_before_what_follows_it() =>
        Assert.Equal(
            ["reasoning: a", "call now {}"],
            Parsing.ByCharacter(ChatOutputFormat.Harmony, Parsing.WithTools with { StreamReasoning = false }, Thought + Call).Lines);

    [Fact]
    public void A_header_that_never_ends_is_content_as_soon_as_it_is_too_long()
    {
        var log = new EventLog();
        var parser = new ChatOutputParser(ChatOutputFormat.Harmony, Parsing.WithTools, log);
        parser.Push("<|channel|>" + new string('x', 1000));
        Assert.Equal(["content: <|channel|>" + new string('x', 1000)], log.Lines);
    }
}
