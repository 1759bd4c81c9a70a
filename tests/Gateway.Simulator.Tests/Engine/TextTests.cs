using System.Text;
using CsCheck;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Tests.Engine;

public sealed class TextTests
{
    private static readonly AnswerLimits _free = new(null, [], IgnoreEos: false);

    // Any text but for lone surrogates, which UTF-8 can't carry.
    private static readonly Gen<string> _text = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 80],
        Gen.String[Gen.Char['\u00a1', '\u3000'], 0, 40],
        Gen.OneOf(Gen.Const("a b  c"), Gen.Const("tabs\tand\nlines\n\n"), Gen.Const("😀😀 grinning"), Gen.Const("            ")));

    [Fact]
    public void Tokens_read_back_as_the_text_that_they_came_from() =>
        _text.Sample(static text => Assert.Equal(text, string.Concat(SimulatedTokenizer.Encode(text).Select(SimulatedTokenizer.Decode))));

    [Fact]
    public void A_text_that_goes_on_begins_with_the_tokens_of_its_beginning() =>
        Gen.Select(_text, _text).Sample(static (text, more) =>
        {
            var beginning = SimulatedTokenizer.Encode(text);
            var whole = SimulatedTokenizer.Encode(text + more);
            // The last token may still grow.
            Assert.Equal(beginning.SkipLast(1), whole.Take(Math.Max(0, beginning.Length - 1)));
        });

    [Fact]
    public void A_token_has_at_most_four_bytes() =>
        _text.Sample(static text => Assert.All(
            SimulatedTokenizer.Encode(text),
            static token => Assert.InRange(Encoding.UTF8.GetByteCount(SimulatedTokenizer.Decode(token)), 1, 4)));

    [Fact]
    public void The_same_seed_gives_the_same_answer_and_another_seed_another()
    {
        var answer = AnswerWriter.Text(1, _free, 1000, (24, 96));

        Assert.Equal(answer.Pieces, AnswerWriter.Text(1, _free, 1000, (24, 96)).Pieces);
        Assert.NotEqual(answer.Pieces, AnswerWriter.Text(2, _free, 1000, (24, 96)).Pieces);
        Assert.StartsWith("[simulated engine, no model] ", answer.TextUpTo(answer.Pieces.Length));
        Assert.InRange(answer.Tokens.Length, 24, 96);
        Assert.Equal("stop", answer.FinishReason);
    }

    [Theory]
    [InlineData(5, false, 5, "length")]
    [InlineData(1000, true, 1000, "length")]
    public void An_answer_keeps_to_its_limit_and_without_end_of_text_goes_up_to_it(int maxTokens, bool ignoreEos, int tokens, string reason)
    {
        var answer = AnswerWriter.Text(1, new AnswerLimits(maxTokens, [], ignoreEos), 10_000, (24, 96));

        Assert.Equal((tokens, reason), (answer.Tokens.Length, answer.FinishReason));
    }

    [Fact]
    public void An_answer_ends_where_the_context_does()
    {
        var answer = AnswerWriter.Text(1, _free, room: 7, (24, 96));

        Assert.Equal((7, "length"), (answer.Tokens.Length, answer.FinishReason));
    }

    [Fact]
    public void A_stop_sequence_ends_the_answer_before_it()
    {
        var answer = AnswerWriter.Text(1, _free with { Stop = ["never said", ", no"] }, 1000, (24, 96));

        Assert.Equal("[simulated engine", answer.TextUpTo(answer.Pieces.Length));
        Assert.Equal(("stop", ", no"), (answer.FinishReason, answer.MatchedStop));
    }
}
