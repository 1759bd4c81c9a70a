using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Text.Tokenizers;

namespace Gateway.Text.Tests.Tokenizers;

/// <summary>Tokenizers of a few tokens, one of each family, for tests that need no real vocabulary.</summary>
internal static class SmallTokenizers
{
    public const string ByteLevel = "byte-level";
    public const string SentencePiece = "sentencepiece";
    public const string WordPiece = "wordpiece";
    public const string Unigram = "unigram";
    public const string Suffix = "suffix";

    /// <summary>Gets the names of the families.</summary>
    public static IEnumerable<string> All => [ByteLevel, SentencePiece, WordPiece, Unigram, Suffix];

    public static Tokenizer Create(string family) => TokenizerLoader.ReadJson(JsonSerializer.SerializeToUtf8Bytes(Json(family)));

    public static string Text(string family) => Json(family).ToJsonString();

    private static JsonObject Json(string family) => family switch
    {
        ByteLevel => File(
            Bpe([.. ByteLevelCharacters(), "he", "Ġhe", "ll", "lo", "é"]),
            preTokenizer: """{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}""",
            decoder: """{"type":"ByteLevel"}"""),
        SentencePiece => File(
            Bpe(["<unk>", .. ByteNames(), "▁", "a", "b", "▁a", "▁ab", "é", "▁▁", "中"], byteFallback: true),
            decoder: """
                {"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},
                {"type":"Strip","content":" ","start":1,"stop":0}]}
                """),
        WordPiece => File(
            new JsonObject { ["type"] = "WordPiece", ["unk_token"] = "[UNK]", ["vocab"] = Vocabulary(["[UNK]", "do", "not", ".", ",", "##ing", "n't", "'", "s"]) },
            preTokenizer: """{"type":"BertPreTokenizer"}""",
            decoder: """{"type":"WordPiece","prefix":"##","cleanup":true}"""),
        Unigram => File(
            new JsonObject
            {
                ["type"] = "Unigram",
                ["unk_id"] = 0,
                ["vocab"] = new JsonArray([.. new[] { "<unk>", "▁", "▁a", "ab", "▁▁a▁", "é", "中文" }.Select(static token => new JsonArray(token, -1.5))]),
            },
            preTokenizer: """{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}""",
            decoder: """{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}"""),
        _ => File(Bpe(["a", "b</w>", "</w>", "c", "é</w>"]), decoder: """{"type":"BPEDecoder","suffix":"</w>"}"""),
    };

    private static JsonObject File(JsonObject model, string? preTokenizer = null, string? decoder = null) => new()
    {
        ["added_tokens"] = new JsonArray(
            new JsonObject { ["content"] = "<|end|>", ["special"] = true, ["normalized"] = false },
            new JsonObject { ["content"] = "<tool中>", ["special"] = false, ["normalized"] = false }),
        ["model"] = model,
        ["pre_tokenizer"] = preTokenizer is null ? null : JsonNode.Parse(preTokenizer),
        ["decoder"] = decoder is null ? null : JsonNode.Parse(decoder),
    };

    private static JsonObject Bpe(string[] tokens, bool byteFallback = false) => new()
    {
        ["type"] = "BPE",
        ["unk_token"] = byteFallback ? "<unk>" : null,
        ["byte_fallback"] = byteFallback,
        ["vocab"] = Vocabulary(tokens),
        ["merges"] = new JsonArray(),
    };

    private static JsonObject Vocabulary(string[] tokens) =>
        new(tokens.Distinct().Select(static (token, id) => KeyValuePair.Create(token, (JsonNode?)JsonValue.Create(id))));

    private static IEnumerable<string> ByteNames() => Enumerable.Range(0, 256).Select(static value => $"<0x{value:X2}>");

    private static IEnumerable<string> ByteLevelCharacters() =>
        Enumerable.Range(0, 256).Select(static value => Gateway.Text.Tokenizers.Unicode.ByteLevelAlphabet.CharacterOf((byte)value).ToString());
}
