using System.Text.Json.Nodes;
using CsCheck;
using Gateway.Text.Parsers;
using Gateway.Text.Parsers.Scanning;
using Gateway.Text.Parsers.Tools;

namespace Gateway.Text.Tests.Parsers.Generated;

/// <summary>Rules that hold for all dialects, and for texts that nobody thought of.</summary>
public sealed class ParserPropertyTests
{
    private const int Tries = 200;

    public static TheoryData<string> ToolDialectNames => [.. ToolDialects.Names.Where(static name => name != "passthrough")];

    public static TheoryData<string> Dialects => [.. ToolDialects.Names.Where(static name => name != "passthrough"), "harmony"];

    public static TheoryData<string> Thinking => [.. ReasoningDialects.Names.Where(static name => name != "passthrough")];

    [Theory]
    [MemberData(nameof(Dialects))]
    public void What_a_model_meant_is_what_a_client_gets_however_the_stream_was_cut(string dialect) =>
        Gen.Select(Generators.Answers, Generators.Cuts).Sample(
            (answer, cuts) =>
            {
                var text = answer.Text(dialect);
                var log = Parsing.InPieces(Format(dialect), Parsing.WithTools, Parsing.Cut(text, cuts));
                Assert.Equal($"content: {answer.Before}", log.Lines[0]);
                Assert.Equal(dialect == "harmony" ? $"content: \n{answer.After}" : $"content: {answer.After}", log.Lines[^1]);
                var calls = log.Lines.Skip(1).SkipLast(1).ToArray();
                Assert.Equal(answer.Calls.Select(static call => call.Name), calls.Select(static line => line.Split(' ')[1]));
                for (var i = 0; i < calls.Length; i++)
                {
                    Assert.StartsWith("call ", calls[i], StringComparison.Ordinal);
                    var arguments = JsonNode.Parse(calls[i].Split(' ', 3)[2]);
                    Assert.True(JsonNode.DeepEquals(answer.Calls[i].Arguments, arguments), $"{answer.Calls[i].Arguments} became {arguments}");
                }
            },
            iter: Tries);

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Any_text_means_the_same_however_it_was_cut(string dialect) =>
        Gen.Select(Generators.Soup(MarkersOf(dialect)), Generators.Cuts).Sample(
            (text, cuts) => SameHoweverCut(Format(dialect), Parsing.WithTools, text, cuts), iter: 3 * Tries);

    [Theory]
    [MemberData(nameof(Thinking))]
    public void Thinking_and_calls_are_the_same_however_they_were_cut(string dialect)
    {
        var format = Parsing.Thinking(dialect, "qwen");
        var markers = new[] { format.Reasoning!.Start, format.Reasoning.End }.Concat(format.Reasoning.AroundContent).ToArray();
        Gen.Select(Generators.Soup([.. markers, "<tool_call>", "</tool_call>"]), Generators.Cuts, Gen.Bool, Gen.Bool).Sample(
            (text, cuts, separate, stream) => SameHoweverCut(
                format, Parsing.WithTools with { SeparateReasoning = separate, StreamReasoning = stream }, text, cuts),
            iter: Tries);
    }

    // Harmony's headers are no text: what else stands in one is not kept.
    [Theory]
    [MemberData(nameof(ToolDialectNames))]
    public void Whatever_is_done_to_an_answer_nothing_of_it_is_lost(string dialect) =>
        Gen.Select(Generators.Answers, Generators.Cuts, Gen.Int[0, 9999], Gen.Int[0, 200], Gen.Int[0, 9999].Array[1, 3]).Sample(
            (answer, cuts, from, removed, inserted) =>
            {
                var text = answer.Text(dialect);
                if (!DialectWriter.HasMembers(dialect))
                    text = Remove(text, from % text.Length, removed);
                else if (removed > 100)
                    text = text[..(from % text.Length)];
                var words = new List<string>();
                // From the end to the beginning, so that none is put into another.
                foreach (var place in inserted.Select(place => Whole(text, place % (text.Length + 1))).Distinct().OrderDescending())
                {
                    words.Add($"Zq{words.Count}Z");
                    text = text.Insert(place, $" {words[^1]} ");
                }

                // Something follows, so that it shows what was taken in.
                text += "\n\n= Tail";
                var log = SameHoweverCut(Format(dialect), Parsing.WithTools, text, cuts);
                var seen = string.Concat(log.Lines) + string.Concat(log.Ids);
                Assert.All(words.Append("Tail"), word => Assert.True(seen.Contains(word, StringComparison.Ordinal), $"{word} of {text} is not in {seen}"));
            },
            iter: Tries);

    [Theory]
    [InlineData("qwen_xml")]
    [InlineData("glm45_moe")]
    [InlineData("deepseek32")]
    [InlineData("step3")]
    [InlineData("minimax_m2")]
    [InlineData("pythonic")]
    public void Arguments_that_are_made_of_something_else_are_JSON_if_the_call_is_whole(string dialect) =>
        Gen.Select(Generators.Answers, Gen.Int[0, 9999], Gen.Int[0, 60], Generators.Soup(MarkersOf(dialect)), Gen.Int[0, 9999]).Sample(
            (answer, from, removed, soup, at) =>
            {
                var text = answer.Text(dialect);
                text = Remove(text, from % text.Length, removed);
                text = text.Insert(Whole(text, at % (text.Length + 1)), soup.Replace("\ud83d", "", StringComparison.Ordinal));
                foreach (var line in Parsing.Whole(Format(dialect), Parsing.WithTools, text).Lines)
                {
                    if (line.StartsWith("call ", StringComparison.Ordinal) && !text.Contains("\">{", StringComparison.Ordinal))
                        Assert.NotNull(JsonNode.Parse(line.Split(' ', 3)[2]));
                }
            },
            iter: Tries);

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Work_grows_with_the_text_and_not_with_its_square(string dialect)
    {
        foreach (var piece in MarkersOf(dialect).SelectMany(static marker => new[] { marker, marker[..^1] }).Concat(
            ["{", "[", "\"", " ", "\n", "x", "{\"name\": \"now\", \"arguments\": {\"a\": \"", "{\"arguments\": [", "[f(x=[", "<tool_call>now<arg_key>"]))
        {
            var once = Steps(dialect, piece, 500);
            var twice = Steps(dialect, piece, 1_000);
            Assert.True(twice <= 2.1 * once + 1000, $"{once} steps became {twice} for {piece}");
            Assert.True(once <= 45 * 500 * piece.Length, $"{once} steps for {500 * piece.Length} characters of {piece}");
        }
    }

    private static long Steps(string dialect, string piece, int count)
    {
        TextScanner scanner = dialect == "harmony"
            ? new Gateway.Text.Parsers.Harmony.HarmonyParser(parsesCalls: true, new(true, true), new MessageCollector(), new Random(1))
            : new ToolCallParser(Format(dialect).Tools!, Parsing.Tools, new MessageCollector(), new Random(1));
        for (var i = 0; i < count; i++)
        {
            foreach (var character in piece)
                scanner.Push([character]);
        }

        scanner.Finish();
        return scanner.Steps;
    }

    private static EventLog SameHoweverCut(ChatOutputFormat format, ChatOutputOptions options, string text, int[] cuts)
    {
        var whole = Parsing.Whole(format, options, text);
        var pieces = Parsing.InPieces(format, options, Parsing.Cut(text, cuts));
        Assert.Equal(whole.Lines, pieces.Lines);
        Assert.Equal(whole.Ids, pieces.Ids);
        Assert.Equal(whole.Lines, Parsing.ByCharacter(format, options, text).Lines);
        return whole;
    }

    private static string Remove(string text, int start, int count)
    {
        start = Whole(text, start);
        return text.Remove(start, Whole(text, Math.Min(text.Length, start + count)) - start);
    }

    /// <summary>A place that is not within a surrogate pair.</summary>
    private static int Whole(string text, int place) => place < text.Length && char.IsLowSurrogate(text[place]) ? place + 1 : place;

    private static ChatOutputFormat Format(string dialect) => dialect == "harmony" ? ChatOutputFormat.Harmony : Parsing.Speaking(dialect);

    /// <summary>A dialect's markers, also those that only its readers know: cut out of what it writes.</summary>
    private static string[] MarkersOf(string dialect)
    {
        var call = new MeantCall("search", new() { ["query"] = "x", ["limit"] = 1 });
        return
        [
            .. DialectWriter.Write(dialect, [call, call], 1).Split(["search", "query", "limit", "x", "1", "{", "}", "\n"], StringSplitOptions.RemoveEmptyEntries)
                .Distinct(),
            .. dialect == "harmony" ? ["<|return|>", "<|end|>", "<|start|>assistant", "<|channel|>final"] : Array.Empty<string>(),
        ];
    }
}
