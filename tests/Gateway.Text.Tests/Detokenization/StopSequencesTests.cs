using CsCheck;
using Gateway.Text.Detokenization;

namespace Gateway.Text.Tests.Detokenization;

public sealed class StopSequencesTests
{
    [Theory]
    [InlineData("one STOP two", new[] { "STOP" }, false, "one ", "STOP")]
    [InlineData("one STOP two", new[] { "STOP" }, true, "one STOP", "STOP")]
    [InlineData("abab abac", new[] { "abac" }, false, "abab ", "abac")]
    [InlineData("xaby", new[] { "aby", "b" }, false, "xa", "b")]
    [InlineData("xaby", new[] { "by", "aby" }, false, "x", "aby")]
    [InlineData("nothing ST", new[] { "STOP" }, false, "nothing ST", null)]
    [InlineData("", new[] { "STOP" }, false, "", null)]
    [InlineData("as it is", new[] { "" }, false, "as it is", null)]
    public void The_stop_that_is_complete_first_ends_the_text(string text, string[] stops, bool keep, string expected, string? matched) =>
        Assert.Equal((expected, matched), Run(stops, keep, [text]));

    [Fact]
    public void Only_what_may_begin_a_stop_is_held_back()
    {
        using var stops = new StopSequences(["\n\nUser:"], keepStop: false);

        Assert.Equal("Hello", stops.Push("Hello\n", out _).ToString());
        Assert.Equal("\n world", stops.Push(" world", out _).ToString());
        Assert.Equal("", stops.Push("\n\nUse", out _).ToString());
        Assert.Equal("\n\nUse the", stops.Push(" the", out _).ToString());
        Assert.Equal("", stops.Finish().ToString());
    }

    [Fact]
    public void A_text_cut_anywhere_ends_where_the_whole_text_does() =>
        Gen.Select(
            Gen.Char["ab c"].Array[0, 60].Select(static units => new string(units)),
            Gen.Char["ab c"].Array[1, 5].Select(static units => new string(units)).Array[0, 4],
            Gen.Bool,
            Gen.Int[0, 60].Array[0, 8]).Sample((text, stops, keep, cuts) => Assert.Equal(Search(text, stops, keep), Run(stops, keep, Cut(text, cuts))));

    /// <summary>The rule itself: at each end of a stop in the text, the first such end, the longest such stop.</summary>
    private static (string Text, string? Matched) Search(string text, string[] stops, bool keep)
    {
        for (var end = 1; end <= text.Length; end++)
        {
            var stop = stops.Where(candidate => text[..end].EndsWith(candidate, StringComparison.Ordinal)).MaxBy(static candidate => candidate.Length);
            if (stop is not null)
                return (text[..(keep ? end : end - stop.Length)], stop);
        }

        return (text, null);
    }

    private static IEnumerable<string> Cut(string text, int[] cuts)
    {
        var from = 0;
        foreach (var cut in cuts.Order().Where(cut => cut <= text.Length))
        {
            yield return text[from..cut];
            from = cut;
        }

        yield return text[from..];
    }

    private static (string Text, string? Matched) Run(string[] stops, bool keep, IEnumerable<string> pieces)
    {
        using var sequences = new StopSequences(stops, keep);
        var text = "";
        string? matched = null;
        foreach (var piece in pieces)
        {
            text += sequences.Push(piece, out var now).ToString();
            matched ??= now;
        }

        return (text + sequences.Finish().ToString(), matched);
    }
}
