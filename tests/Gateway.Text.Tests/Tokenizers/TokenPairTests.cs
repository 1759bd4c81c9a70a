using System.Text;
using System.Text.Json.Nodes;
using Gateway.Text.Tokenizers;

namespace Gateway.Text.Tests.Tokenizers;

/// <summary>Two texts as one input, as the post-processors of tokenizer.json put them together.</summary>
public sealed class TokenPairTests
{
    private const string Template =
        """
        {"type":"TemplateProcessing",
        "single":[{"SpecialToken":{"id":"<|end|>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
        "pair":[{"SpecialToken":{"id":"<|end|>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"<|end|>","type_id":1}},{"Sequence":{"id":"B","type_id":1}}],
        "special_tokens":{"<|end|>":{"id":"<|end|>","ids":[90],"tokens":["<|end|>"]}}}
        """;

    [Theory]
    [InlineData("""{"type":"BertProcessing","cls":["c",91],"sep":["s",92]}""", "91 a b 92 c 92", "0 0 0 0 1 1")]
    [InlineData("""{"type":"RobertaProcessing","cls":["c",91],"sep":["s",92]}""", "91 a b 92 92 c 92", "0 0 0 0 0 0 0")]
    [InlineData(Template, "90 a b 90 c", "0 0 0 1 1")]
    [InlineData($$"""{"type":"Sequence","processors":[{"type":"ByteLevel"},{{Template}}]}""", "90 a b 90 c", "0 0 0 1 1")]
    public void Special_tokens_stand_where_the_file_says(string processor, string ids, string types)
    {
        var tokenizer = Create(processor);

        var pair = tokenizer.EncodePair("ab", "c")!;

        Assert.Equal(ids, string.Join(' ', pair.Ids.ToArray().Select(id => id is >= 90 and <= 92 ? $"{id}" : tokenizer.TokenOf(id))));
        Assert.Equal(types, string.Join(' ', pair.Types.ToArray()));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"type":"ByteLevel"}""")]
    public void A_file_that_does_not_say_makes_no_pairs(string processor) => Assert.Null(Create(processor).EncodePair("ab", "c"));

    private static Tokenizer Create(string processor)
    {
        var json = JsonNode.Parse(SmallTokenizers.Text(SmallTokenizers.ByteLevel))!.AsObject();
        json["post_processor"] = JsonNode.Parse(processor);
        return TokenizerLoader.ReadJson(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }
}
