using System.Text;
using System.Text.Json;
using Gateway.Text.Detokenization;
using Gateway.Text.Tokenizers;
using Xunit.Abstractions;

namespace Gateway.Text.Tests.Tokenizers;

/// <summary>Real vocabularies and more than 10,000 texts each, against the original implementation. Needs Node.js 20 or later.</summary>
public sealed class TokenizerParityTests(ReferenceCorpus reference, ITestOutputHelper output) : IClassFixture<ReferenceCorpus>
{
    private const int MostShown = 12;

    [Theory]
    [InlineData("llama3")]
    [InlineData("llama3_1")]
    [InlineData("qwen3")]
    [InlineData("gpt4o")]
    [InlineData("gptoss")]
    [InlineData("deepseek_v3")]
    [InlineData("llama2")]
    [InlineData("gemma3")]
    public void Ids_and_text_are_those_of_the_original(string name) => Assert.Equal(0, Compare(name, atLeast: 10_000));

    [Fact]
    public void So_are_those_of_every_part_that_no_real_vocabulary_at_hand_uses()
    {
        var names = JsonSerializer.Deserialize<string[]>(File.ReadAllText(Path.Combine(reference.Folder, "synthetic.json")))!;
        Assert.NotEmpty(names);
        Assert.Equal([], names.Where(name => Compare(name, atLeast: 500) > 0));
    }

    [Fact]
    public void A_tiktoken_file_gives_the_ids_that_the_same_vocabulary_gives_as_json()
    {
        using var json = Json("gptoss");
        var special = json.RootElement.GetProperty("added_tokens").EnumerateArray()
            .ToDictionary(static token => token.GetProperty("content").GetString()!, static token => token.GetProperty("id").GetInt32());
        var file = Path.Combine(reference.Folder, "gptoss.tiktoken");
        File.WriteAllBytes(file, ModelFiles.Tiktoken(json.RootElement.GetProperty("model").GetProperty("vocab")));
        var options = new TiktokenOptions { Pattern = TiktokenOptions.O200kPattern, SpecialTokens = special };
        Assert.Equal(0, Compare(TokenizerLoader.LoadTiktoken(file, options), "gptoss", atLeast: 10_000));
    }

    [Fact]
    public void A_sentencepiece_model_gives_the_ids_that_the_same_vocabulary_gives_as_json()
    {
        using var json = Json("llama2");
        var file = Path.Combine(reference.Folder, "tokenizer.model");
        var model = json.RootElement.GetProperty("model");
        File.WriteAllBytes(file, ModelFiles.SentencePiece(model.GetProperty("vocab"), model.GetProperty("merges")));
        var tokenizer = TokenizerLoader.LoadSentencePiece(file).WithFrame("<s>", null);
        Assert.Equal(0, Compare(tokenizer, "llama2", atLeast: 10_000));
    }

    private static string Show(string text) =>
        string.Concat(text.Take(200).Select(static unit => unit is >= ' ' and <= '~' ? unit.ToString() : $"\\u{(int)unit:X4}"));

    private JsonDocument Json(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(reference.ModelFolder(name), "tokenizer.json")));

    private int Compare(string name, int atLeast) =>
        Compare(TokenizerLoader.LoadJson(Path.Combine(reference.ModelFolder(name), "tokenizer.json")), name, atLeast);

    private int Compare(Tokenizer tokenizer, string name, int atLeast)
    {
        var expected = reference.Open(name);
        var differences = new List<string>();
        var texts = expected.Number();
        var decodes = expected.Number() == 1;
        using var ids = new TokenBuffer();
        for (var index = 0; index < texts; index++)
        {
            var text = expected.Text();
            var plain = expected.Ids();
            Check(tokenizer, text, addSpecialTokens: false, plain, ids, differences);
            if (!decodes)
                continue;
            var framed = expected.Ids();
            if (framed.Length > 0)
                Check(tokenizer, text, addSpecialTokens: true, framed, ids, differences);
            var whole = framed.Length > 0 ? framed : plain;
            CheckText(tokenizer, whole, skipSpecialTokens: false, expected.Text(), differences);
            CheckText(tokenizer, whole, skipSpecialTokens: true, expected.Text(), differences);
        }
        var sequences = decodes ? expected.Number() : 0;
        for (var index = 0; index < sequences; index++)
        {
            var sequence = expected.Ids();
            var hasBrokenRuns = tokenizer.IdOf("<0x00>") is not null;
            CheckText(tokenizer, sequence, skipSpecialTokens: false, expected.Text(), differences, hasBrokenRuns);
            CheckText(tokenizer, sequence, skipSpecialTokens: true, expected.Text(), differences, hasBrokenRuns);
        }
        foreach (var difference in differences.Take(MostShown))
            output.WriteLine($"{name}: {difference}");
        Assert.True(texts >= atLeast, $"only {texts} texts");
        return differences.Count;
    }

    private static void Check(Tokenizer tokenizer, string text, bool addSpecialTokens, int[] expected, TokenBuffer ids, List<string> differences)
    {
        ids.Clear();
        tokenizer.Encode(text, addSpecialTokens, ids);
        if (ids.Ids.SequenceEqual(expected))
            return;
        var common = ids.Ids.CommonPrefixLength(expected);
        differences.Add(
            $"encode '{Show(text)}': after {common} expected {Tokens(tokenizer, expected.AsSpan(common))}, was {Tokens(tokenizer, ids.Ids[common..])}");
    }

    private static void CheckText(Tokenizer tokenizer, int[] ids, bool skipSpecialTokens, string expected, List<string> differences, bool hasBrokenRuns = false)
    {
        var text = tokenizer.Decode(ids, skipSpecialTokens);
        if (text == expected && !hasBrokenRuns)
            text = Parts(tokenizer, ids, skipSpecialTokens);
        if (text == expected)
            return;
        var common = text.AsSpan().CommonPrefixLength(expected);
        var from = Math.Max(0, common - 10);
        differences.Add($"decode {Tokens(tokenizer, ids)}: at {common} expected '{Show(expected[from..])}', was '{Show(text[from..])}'");
    }

    /// <summary>Decodes as an answer comes: one token after the other.</summary>
    private static string Parts(Tokenizer tokenizer, int[] ids, bool skipSpecialTokens)
    {
        using var detokenizer = new IncrementalDetokenizer(tokenizer, skipSpecialTokens);
        var text = new StringBuilder();
        foreach (var id in ids)
            text.Append(detokenizer.Push(id));
        return text.Append(detokenizer.Finish()).ToString();
    }

    private static string Tokens(Tokenizer tokenizer, ReadOnlySpan<int> ids)
    {
        var shown = new StringBuilder();
        foreach (var id in ids[..Math.Min(8, ids.Length)])
            shown.Append(id).Append('(').Append(Show(tokenizer.TokenOf(id) ?? "?")).Append(") ");
        return shown.ToString();
    }
}
