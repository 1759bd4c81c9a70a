using System.Text;
using CsCheck;
using Gateway.Text.Detokenization;

namespace Gateway.Text.Tests.Detokenization;

public sealed class StopMatcherTests
{
    /// <summary>Few letters, so that beginnings of stop strings come often.</summary>
    private static readonly Gen<string> Letters = Gen.Char["abc"].Array[0, 24].Select(static letters => new string(letters));

    private static readonly Gen<string[]> Stops = Gen.Char["abc"].Array[1, 5].Select(static letters => new string(letters)).Array[0, 4];

    [Fact]
    public void Any_cutting_gives_what_a_search_of_the_whole_gives() =>
        Gen.Select(Letters, Stops, Gen.Int[1, 5].Array[1, 24], Gen.Bool).Sample((text, stops, cuts, included) =>
        {
            var (sent, matched) = Run(new StopSequences(stops, included), Cut(text, cuts));
            var (expected, expectedMatch) = Search(text, stops, included);
            Assert.Equal(expected, sent);
            Assert.Equal(expectedMatch, matched);
        });

    [Fact]
    public void Only_what_may_begin_a_stop_string_is_held_back() =>
        Gen.Select(Letters, Stops).Sample(static (text, stops) =>
        {
            using var matcher = new StopMatcher(new StopSequences(stops, included: false));
            var sent = 0;
            for (var index = 0; index < text.Length; index++)
            {
                sent += matcher.Push(text.AsSpan(index, 1)).Length;
                if (matcher.Matched is not null)
                    return;
                var held = text[sent..(index + 1)];
                Assert.True(held.Length == 0 || stops.Any(stop => stop.StartsWith(held, StringComparison.Ordinal)), $"held '{held}'");
            }
        });

    [Theory]
    [InlineData(false, "Hello ")]
    [InlineData(true, "Hello <end>")]
    public void A_stop_string_over_several_parts_ends_the_text(bool included, string expected)
    {
        var (sent, matched) = Run(new StopSequences(["<end>"], included), ["Hel", "lo <", "en", "d", "> more", " and more"]);
        Assert.Equal(expected, sent);
        Assert.Equal("<end>", matched);
    }

    [Fact]
    public void Held_text_comes_when_the_text_is_over()
    {
        var (sent, matched) = Run(new StopSequences(["\n\nUser:"], included: false), ["Bye.\n", "\nUse"]);
        Assert.Equal("Bye.\n\nUse", sent);
        Assert.Null(matched);
    }

    [Fact]
    public void The_string_that_is_complete_first_wins_and_of_two_the_longer() =>
        Assert.Equal(("x", "abc"), Run(new StopSequences(["bc", "abc", "abcd"], included: false), ["xab", "cd"]));

    [Fact]
    public void Without_stop_strings_parts_pass_uncopied()
    {
        using var matcher = new StopMatcher(new StopSequences([""], included: false));
        ReadOnlySpan<char> part = "some text";
        Assert.True(matcher.Push(part) == part);
        Assert.True(matcher.Finish().IsEmpty);
    }

    private static IEnumerable<string> Cut(string text, int[] lengths)
    {
        var from = 0;
        for (var index = 0; from < text.Length; index++)
        {
            var length = Math.Min(lengths[index % lengths.Length], text.Length - from);
            yield return text.Substring(from, length);
            from += length;
        }
    }

    private static (string Sent, string? Matched) Run(StopSequences stops, IEnumerable<string> parts)
    {
        using var matcher = new StopMatcher(stops);
        var sent = new StringBuilder();
        foreach (var part in parts)
            sent.Append(matcher.Push(part));
        sent.Append(matcher.Finish());
        return (sent.ToString(), matcher.Matched);
    }

    private static (string Sent, string? Matched) Search(string text, string[] stops, bool included)
    {
        for (var end = 1; end <= text.Length; end++)
        {
            var stop = stops.Where(stop => text[..end].EndsWith(stop, StringComparison.Ordinal)).MaxBy(static stop => stop.Length);
            if (stop is not null)
                return (text[..(included ? end : end - stop.Length)], stop);
        }
        return (text, null);
    }
}
